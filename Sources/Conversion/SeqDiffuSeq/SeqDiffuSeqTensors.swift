// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// The tensors of a SeqDiffuSeq network under the names of assigner's own generator, which has almost the same architecture.
/// The differences are computed here:
///
/// - The encoder's input is only a projection of the token embedding, W2 tanh(W1 e + b1) + b2. It is computed for every token,
///   and becomes BART's table of word embeddings.
/// - Only the decoder's positions of the target are kept.
/// - The schedule comes from its own file.
struct SeqDiffuSeqTensors: TensorSource {
  let path: String
  private let source: any TensorSource
  /// The names in the checkpoint.
  private let sources: [String: String]
  private let computed: [String: (shape: [Int], values: [Float])]

  /// - Parameter tied: which copy of the token embeddings is used.
  /// - Throws: `unknownTensors` or `missingTensors` with the checkpoint's own names.
  init(
    _ source: any TensorSource, _ shape: SeqDiffuSeqShape, _ posterior: Posterior, tied: TiedSource
  ) throws(ConversionError) {
    self.source = source
    path = source.path
    let generator = shape.generator
    let size = generator.bart.encoder.hiddenSize
    var sources: [String: String] = [:]
    for rule in shape.rules { sources[rule.source] = Self.reference(rule.source) }
    sources["diffusion.token_embedding.weight"] = tied.tensor
    let computing =
      ["input_up_proj_enc.0", "input_up_proj_enc.2"].flatMap { [$0 + ".weight", $0 + ".bias"] }
      + ["lm_head.bias", Self.decoderPositions]
    let known = Set(sources.values).union(computing).union(TiedSource.allCases.map(\.tensor))
    let unknown = source.names.filter { !known.contains($0) }.sorted()
    // It is not published how ASSIGNER feeds the embeddings of retrieved hashtags to the network. Such checkpoints fail here.
    if !unknown.isEmpty { throw .unpublished(path: path, unknown) }
    let missing = known.filter { source.shape($0) == nil }.sorted()
    if !missing.isEmpty { throw .missingTensors(path: path, missing) }
    self.sources = sources

    let rows = generator.positions + TensorRule.bartPositionOffset
    var computed: [String: (shape: [Int], values: [Float])] = [
      "diffusion.alpha_bar": ([posterior.steps + 1, posterior.positions], posterior.alphaBar),
      "diffusion.posterior.clean": ([posterior.steps, posterior.positions], posterior.clean),
      "diffusion.posterior.noisy": ([posterior.steps, posterior.positions], posterior.noisy),
      "diffusion.posterior.deviation": ([posterior.steps, posterior.positions], posterior.deviation),
      "diffusion.posterior.referenceDeviation": ([posterior.steps], posterior.referenceDeviation),
    ]
    let bias = try Self.read(source, "lm_head.bias", [generator.vocabularySize])
    computed["final_logits_bias"] = ([1, generator.vocabularySize], bias)
    let table = source.shape(Self.decoderPositions) ?? []
    guard table.count == 2, table[1] == size, table[0] >= rows else {
      throw .shape(path: path, tensor: Self.decoderPositions, expected: [rows, size], found: table)
    }
    let positions = try Self.read(source, Self.decoderPositions, table)
    computed["model.decoder.embed_positions.weight"] = ([rows, size], Array(positions[..<(rows * size)]))
    let words = try Self.projected(source, tied.tensor, generator)
    computed["model.shared.weight"] = ([generator.vocabularySize, size], words)
    self.computed = computed
  }

  private static let decoderPositions = "input_transformers.decoder.embed_positions.weight"

  /// The name of a tensor in the checkpoint; nil for a computed tensor.
  private static func reference(_ name: String) -> String? {
    if name == "model.shared.weight" || name == "model.decoder.embed_positions.weight" { return nil }
    for (ours, theirs) in [
      ("model.", "input_transformers."), ("diffusion.time_embed.", "time_embed."),
      ("diffusion.input_projection.", "input_up_proj_dec."), ("diffusion.output_projection.", "output_down_proj."),
      ("diffusion.norm.", "LayerNorm."),
    ] where name.hasPrefix(ours) {
      return theirs + name.dropFirst(ours.count)
    }
    return nil
  }

  private static func read(
    _ source: any TensorSource, _ name: String, _ shape: [Int]
  ) throws(ConversionError) -> [Float] {
    let found = source.shape(name) ?? []
    guard found == shape else { throw .shape(path: source.path, tensor: name, expected: shape, found: found) }
    return try source.floats(name)
  }

  /// W2 tanh(W1 e + b1) + b2 for the embedding e of every token [V, d].
  private static func projected(
    _ source: any TensorSource, _ tied: String, _ shape: GeneratorShape
  ) throws(ConversionError) -> [Float] {
    let (tokens, width, size) = (shape.vocabularySize, shape.embeddingSize, shape.bart.encoder.hiddenSize)
    // The table may be larger than the file, so that the file's size does not bound it.
    guard tokens <= (1 << 28) / size else {
      throw .shape(path: source.path, tensor: tied, expected: [(1 << 28) / size, width], found: [tokens, width])
    }
    var embeddings = try read(source, tied, [tokens, width])
    var hidden = [Float](repeating: 0, count: tokens * size)
    var output = hidden
    let up = (
      try read(source, "input_up_proj_enc.0.weight", [size, width]), try read(source, "input_up_proj_enc.0.bias", [size])
    )
    let down = (
      try read(source, "input_up_proj_enc.2.weight", [size, size]), try read(source, "input_up_proj_enc.2.bias", [size])
    )
    apply(up, to: &embeddings, into: &hidden, rows: tokens, activation: .tanh)
    apply(down, to: &hidden, into: &output, rows: tokens, activation: .none)
    return output
  }

  private static func apply(
    _ layer: (weight: [Float], bias: [Float]), to input: inout [Float], into output: inout [Float], rows: Int,
    activation: Activation
  ) {
    let (outputs, inputs) = (layer.bias.count, layer.weight.count / layer.bias.count)
    layer.weight.withUnsafeBufferPointer { weight in
      layer.bias.withUnsafeBufferPointer { bias in
        input.withUnsafeMutableBufferPointer { input in
          output.withUnsafeMutableBufferPointer { output in
            guard let weight = weight.baseAddress, let x = input.baseAddress, let y = output.baseAddress else { return }
            let linear = Linear(
              weights: .float32(FloatWeights(values: weight, rows: outputs, columns: inputs)), bias: bias.baseAddress)
            // Float layers do not use the arena, so this cannot throw.
            try? linear.apply(
              FloatView(x, rows: rows, columns: inputs), into: FloatView(y, rows: rows, columns: outputs),
              activation: activation, arena: Arena(capacity: 0))
          }
        }
      }
    }
  }

  var names: [String] { Array(computed.keys) + sources.keys.filter { computed[$0] == nil } }

  func shape(_ name: String) -> [Int]? { computed[name]?.shape ?? sources[name].flatMap { source.shape($0) } }

  func read(_ name: String, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws(ConversionError) {
    if let values = computed[name]?.values {
      precondition(first >= 0 && buffer.count <= values.count - first)
      for index in buffer.indices { buffer.initializeElement(at: index, to: values[first + index]) }
    } else {
      guard let theirs = sources[name] else { throw .missingTensors(path: path, [name]) }
      try source.read(theirs, from: first, into: buffer)
    }
  }
}
