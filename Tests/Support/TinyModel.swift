// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A model file of the full architecture with a few thousand made-up weights. Its answers mean nothing, but a tweet passes
/// through every part of the program in a fraction of a millisecond.
package struct TinyModel {
  static let size = 16
  static let inner = 24
  static let positions = 128
  static let targetPositions = 6
  static let timesteps = 10
  static let tokenSize = 8

  /// The seed of the made-up weights.
  package var seed: UInt64 = 1
  /// The JSON of the section "ranking"; nil for a model without a ranking.
  package var ranking: String?

  /// Whether the model has retriever and selector.
  package var hasEncoders: Bool

  /// Whether the selector is the retriever: all its tensors are aliases.
  package var isOneNetwork = false
  /// Hashtags with stored vectors. The vector of hashtag i is 1 in component i.
  package var hashtags: [String] = []

  package init(seed: UInt64 = 1, ranking: String? = nil, hasEncoders: Bool = true) {
    self.seed = seed
    self.ranking = ranking
    self.hasEncoders = hasEncoders
  }

  private static let characters = "0123456789abcdefghijklmnopqrstuvwxyz_".map(String.init)
  private static let words = ["flood", "fire", "bridge", "kerala", "water", "rescue", "quake", "storm", "user", "the"]
  static let vocabulary =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ";", "@", ".", "!"] + words + characters + characters.map { "##" + $0 }
  static let generationVocabulary =
    ["<s>", "<pad>", "</s>"] + ["flood", "fire", "##fire", "kerala"] + characters + characters.map { "##" + $0 }

  /// Writes the file.
  package func write(to path: String) throws {
    var writer = Writer(file: ContainerWriter(kind: .model), seed: seed)
    let encoders = hasEncoders ? isOneNetwork ? ["retriever"] : ["retriever", "selector"] : []
    for name in encoders + ["generator/encoder"] { try writer.encoder(name) }
    try writer.decoder("generator/decoder")
    try writer.diffusion("generator/diffusion")
    try writer.vector("generator/finalBias", Self.generationVocabulary.count)
    try writer.file.addCompressed("text/vocabulary", Self.lines(Self.vocabulary))
    try writer.file.addCompressed("text/generationVocabulary", Self.lines(Self.generationVocabulary))
    if let ranking { try writer.file.addCompressed("ranking", Array(ranking.utf8)) }
    if !hashtags.isEmpty {
      try writer.file.addCompressed("text/hashtags", Self.lines(hashtags))
      let rows = hashtags.indices.flatMap { row in (0..<Self.size).map { $0 == row ? Float(1) : 0 } }
      try writer.file.add("hashtags/vectors", shape: [hashtags.count, Self.size], elements: rows)
    }
    guard case .object(var metadata) = Self.metadata else { return }
    if isOneNetwork {
      metadata["aliases"] = .object(
        Dictionary(
          uniqueKeysWithValues: writer.names.filter { $0.hasPrefix("retriever/") }.map {
            ("selector/" + $0.dropFirst("retriever/".count), .string($0))
          }))
    }
    if !hasEncoders { for name in ["retriever", "selector"] { metadata[name] = nil } }
    writer.file.setMetadata(.object(metadata))
    try writer.file.write(to: path)
  }

  private static func lines(_ pieces: [String]) -> [UInt8] { Array((pieces.joined(separator: "\n") + "\n").utf8) }

  private static var metadata: JSONValue {
    let layers: [String: JSONValue] = [
      "hiddenSize": .integer(size), "layers": 1, "heads": 2, "feedForwardSize": .integer(inner),
      "layerNormEpsilon": 1e-12, "activation": "gelu",
    ]
    let encoder = JSONValue.object(
      layers.merging([
        "vocabularySize": .integer(vocabulary.count), "maximumPositions": .integer(positions),
        "maximumTokens": .integer(positions), "pooling": "mean",
      ]) { $1 })
    return [
      "architecture": "assigner", "retriever": encoder, "selector": encoder, "quantization": "float32",
      "generator": [
        "encoder": encoder, "decoder": .object(layers),
        "diffusion": [
          "embeddingSize": .integer(tokenSize), "positions": .integer(targetPositions), "timesteps": .integer(timesteps),
          "vocabularySize": .integer(generationVocabulary.count), "bos": 0, "pad": 1, "eos": 2, "logitScale": 4.0,
          "selfConditioning": true,
        ],
      ],
    ]
  }
}

/// Writes tensors of made-up numbers by name and shape.
private struct Writer {
  var file: ContainerWriter
  let seed: UInt64
  /// The names of the tensors so far.
  private(set) var names: [String] = []

  init(file: ContainerWriter, seed: UInt64) {
    self.file = file
    self.seed = seed
  }

  /// Numbers in -1 ..< 1 that depend only on the name and the seed.
  private func numbers(_ name: String, _ count: Int) -> [Float] {
    var state = name.utf8.reduce(seed &* 0x9E37_79B9_7F4A_7C15) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
    }
  }

  mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) throws {
    names.append(name)
    try file.add(name, shape: [rows, columns], elements: numbers(name, rows * columns))
  }

  mutating func vector(_ name: String, _ count: Int, around center: Float = 0) throws {
    names.append(name)
    try file.add(name, shape: [count], elements: numbers(name, count).map { center + $0 / 10 })
  }

  mutating func linear(_ name: String, _ outputs: Int, _ inputs: Int) throws {
    try matrix(name + ".weight", outputs, inputs)
    try vector(name + ".bias", outputs)
  }

  mutating func norm(_ name: String) throws {
    try vector(name + ".weight", TinyModel.size, around: 1)
    try vector(name + ".bias", TinyModel.size)
  }

  mutating func attention(_ name: String) throws {
    for part in ["query", "key", "value", "output"] { try linear("\(name).\(part)", TinyModel.size, TinyModel.size) }
    try norm(name + ".norm")
  }

  mutating func feedForward(_ name: String) throws {
    try linear(name + ".up", TinyModel.inner, TinyModel.size)
    try linear(name + ".down", TinyModel.size, TinyModel.inner)
    try norm(name + ".norm")
  }

  mutating func encoder(_ name: String) throws {
    try matrix(name + "/embeddings.word", TinyModel.vocabulary.count, TinyModel.size)
    try matrix(name + "/embeddings.position", TinyModel.positions, TinyModel.size)
    try norm(name + "/embeddings.norm")
    try attention(name + "/layers.0.attention")
    try feedForward(name + "/layers.0.feedForward")
  }

  mutating func decoder(_ name: String) throws {
    try matrix(name + "/position", TinyModel.targetPositions, TinyModel.size)
    try norm(name + "/norm")
    try attention(name + "/layers.0.selfAttention")
    try attention(name + "/layers.0.crossAttention")
    try feedForward(name + "/layers.0.feedForward")
  }

  mutating func diffusion(_ name: String) throws {
    try matrix(name + "/tokenEmbedding", TinyModel.generationVocabulary.count, TinyModel.tokenSize)
    for (part, inputs, outputs) in [
      ("time", TinyModel.size, TinyModel.size), ("input", 2 * TinyModel.tokenSize, TinyModel.size),
      ("output", TinyModel.size, TinyModel.tokenSize),
    ] {
      try linear("\(name)/\(part).up", TinyModel.size, inputs)
      try linear("\(name)/\(part).down", outputs, TinyModel.size)
    }
    let steps = TinyModel.timesteps
    let table = (0...steps).flatMap { step in
      [Float](repeating: 1 - (Float(step) + 0.1) / (Float(steps) + 0.2), count: TinyModel.targetPositions)
    }
    try file.add(name + "/alphaBar", shape: [steps + 1, TinyModel.targetPositions], elements: table)
  }
}
