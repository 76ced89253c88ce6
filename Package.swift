// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The targets, lowest first. A target depends only on targets above it in this list.
let package = Package(
  name: "assigner",
  products: [
    .executable(name: "assigner", targets: ["assigner"]),
    .executable(name: "assigner-convert", targets: ["assigner-convert"]),
  ],
  traits: [
    .default(enabledTraits: ["OpenBLAS"]),
    .trait(
      name: "OpenBLAS",
      description: "assigner-convert --check multiplies with OpenBLAS; --disable-default-traits builds without the library."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // System calls, descriptors, threads, signals, and facts about processor and memory. Only this target imports the C library.
    .target(name: "System", dependencies: ["CSystem"]),
    // The parts of System that need C: signal handlers, and the arguments without /proc.
    .target(name: "CSystem", cSettings: [.define("_GNU_SOURCE")]),
    // What the programs share: parsing arguments, messages, exit codes.
    .target(
      name: "ProgramMain", dependencies: ["System", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .target(
      name: "CKernels",
      // The same bits on every machine: no fused multiply-add that the source does not spell out.
      cSettings: [.define("_GNU_SOURCE")]
    ),
    .systemLibrary(name: "CLZ4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "Tensors", dependencies: ["CKernels"]),
    // Only for the converter and tests. The runtime uses its own kernels, which give the same bits on every machine.
    .target(
      name: "FloatLibrary", dependencies: ["Tensors", .target(name: "COpenBLAS", condition: .when(traits: ["OpenBLAS"]))]),
    .target(name: "ModelFile", dependencies: ["System", "CLZ4"]),
    .target(name: "Text", dependencies: ["ModelFile"]),
    .target(name: "Decoding", dependencies: ["Tensors"]),
    .target(name: "Transformer", dependencies: ["Tensors", "ModelFile", "Decoding"]),
    .target(name: "Diffusion", dependencies: ["Tensors", "ModelFile", "Decoding", "Transformer"]),
    .target(name: "Recurrent", dependencies: ["Tensors", "ModelFile", "Decoding", "Transformer"]),
    .target(name: "Retrieval", dependencies: ["System", "CKernels", "Tensors", "ModelFile", "Text"]),
    .target(name: "Learning", dependencies: ["System", "CKernels", "Tensors", "ModelFile", "Text", "Retrieval"]),
    .target(name: "Ranking", dependencies: ["ModelFile", "Tensors"]),
    .target(
      name: "Generation", dependencies: ["Tensors", "ModelFile", "Text", "Decoding", "Transformer", "Diffusion", "Recurrent"]),
    .target(
      name: "Recommender",
      dependencies: ["System", "Tensors", "ModelFile", "Text", "Transformer", "Retrieval", "Ranking", "Generation", "Learning"]),
    .target(name: "Evaluation", dependencies: ["System", "Tensors", "Retrieval"]),
    .target(name: "LineProtocol", dependencies: ["System", "CZlib", "ModelFile"]),
    .target(
      name: "Benchmark",
      dependencies: [
        "System", "Tensors", "ModelFile", "Decoding", "Transformer", "Diffusion", "Retrieval", "Generation", "Recommender",
        "Evaluation",
        "LineProtocol",
      ]),
    .executableTarget(
      name: "assigner",
      dependencies: [
        "System", "ProgramMain", "Recommender", "Learning", "Evaluation", "Benchmark", "LineProtocol", "ModelFile", "Retrieval",
        "Text",
        "Tensors", "Diffusion", "Ranking", "Generation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Not a product. Tools use it for measurements.
    .executableTarget(
      name: "synthetic-index",
      dependencies: [
        "System", "ProgramMain", "Benchmark", "LineProtocol", "ModelFile", "Retrieval",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "Conversion", dependencies: ["System", "ModelFile", "Tensors", "Text", "Retrieval", "Ranking"]),
    .target(
      name: "Comparison", dependencies: ["Tensors", "ModelFile", "Text", "Transformer", "Decoding", "Diffusion", "Recurrent"]),
    .executableTarget(
      name: "assigner-convert",
      dependencies: [
        "System", "ProgramMain", "Conversion", "Comparison", "FloatLibrary", "ModelFile",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // What the golden tests share: values from PyTorch, and the models they were computed for.
    .target(
      name: "GoldenFixtures", dependencies: ["ModelFile"], path: "Tests/GoldenFixtures",
      exclude: ["Tiny", "BART", "BiAttention", "RIGHT"]),
    .testTarget(name: "SystemTests", dependencies: ["System", "ModelFile", "TestSupport"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels", "FloatLibrary", "TestSupport"]),
    .testTarget(name: "DecodingTests", dependencies: ["Decoding", "Tensors"]),
    .testTarget(
      name: "ModelFileTests", dependencies: ["System", "ModelFile", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ConversionTests",
      dependencies: [
        "FloatLibrary",
        "Conversion", "ModelFile", "Tensors", "Text", "Transformer", "Retrieval", "GoldenFixtures", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ComparisonTests", dependencies: ["Comparison", "Conversion", "ModelFile", "GoldenFixtures", "TestSupport"]),
    .testTarget(
      name: "TextTests", dependencies: ["Text", "ModelFile", "AllocationCounter", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TransformerTests",
      dependencies: [
        "FloatLibrary", "Transformer", "Tensors", "Decoding", "Conversion", "ModelFile", "Text", "GoldenFixtures", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    // Counts the memory allocations of the test program.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(
      name: "RecurrentTests",
      dependencies: [
        "Recurrent", "Decoding", "Tensors", "Conversion", "ModelFile", "GoldenFixtures", "AllocationCounter", "TestSupport",
      ]),
    .testTarget(
      name: "DiffusionTests",
      dependencies: [
        "FloatLibrary", "Diffusion", "Decoding", "Tensors", "Transformer", "ModelFile", "GoldenFixtures", "AllocationCounter",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "RetrievalTests", dependencies: ["Retrieval", "ModelFile", "CKernels", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "LearningTests", dependencies: ["Learning", "System", "ModelFile", "Retrieval", "Text", "TestSupport"]),
    .target(name: "TestSupport", dependencies: ["ModelFile"], path: "Tests/Support"),
    .testTarget(name: "RankingTests", dependencies: ["Ranking", "ModelFile"]),
    .testTarget(
      name: "GenerationTests",
      dependencies: [
        "Generation", "Decoding", "Diffusion", "Conversion", "ModelFile", "Tensors", "Text", "GoldenFixtures", "TestSupport",
      ]),
    .testTarget(
      name: "RecommenderTests",
      dependencies: [
        "System", "Recommender", "Ranking", "Generation", "Retrieval", "ModelFile", "Tensors", "Text", "TestSupport",
      ]),
    .testTarget(name: "LineProtocolTests", dependencies: ["System", "LineProtocol", "ModelFile", "TestSupport"]),
    .testTarget(
      name: "BenchmarkTests",
      dependencies: ["System", "Benchmark", "LineProtocol", "ModelFile", "Recommender", "Retrieval", "TestSupport"]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation"], resources: [.copy("Fixtures")]),
    // Not a product. Tools/fuzz builds it, with or without a sanitizer.
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "System", "CLZ4", "ModelFile", "Text", "Retrieval", "Generation", "Ranking", "Recommender", "LineProtocol", "Conversion",
        "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/Fuzz", exclude: ["thread-sanitizer.txt"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["assigner", "assigner-convert", "TestSupport", "System", "ModelFile", "Retrieval"]),
  ]
)
