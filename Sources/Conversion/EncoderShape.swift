// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The hyper-parameters of a stack of transformer layers, from a Hugging Face configuration.
struct EncoderShape: Equatable, Sendable {
  let hiddenSize: Int
  let layers: Int
  let heads: Int
  let feedForwardSize: Int
  let vocabularySize: Int
  let maximumPositions: Int
  let layerNormEpsilon: Double

  /// The longest input in tokens by default, [CLS] and [SEP] included. Longer texts are truncated.
  static let maximumTokens = 128
  /// The range of sizes: far above every real model, and small enough that the product of two sizes cannot overflow.
  static let limit = 1...1 << 20

  /// The names of exact GELU, x Φ(x). Other names mean approximations or other functions.
  private static let gelu: [JSONValue] = ["gelu", "gelu_python"]

  /// - Parameter pooling: nil for an encoder whose states are not pooled.
  func metadata(pooling: String?) -> JSONValue {
    var members: [String: JSONValue] = [
      "hiddenSize": .integer(hiddenSize), "layers": .integer(layers), "heads": .integer(heads),
      "feedForwardSize": .integer(feedForwardSize), "vocabularySize": .integer(vocabularySize),
      "maximumPositions": .integer(maximumPositions), "layerNormEpsilon": .number(layerNormEpsilon),
      "maximumTokens": .integer(Self.maximumTokens), "activation": "gelu",
    ]
    if let pooling { members["pooling"] = .string(pooling) }
    return .object(members)
  }

  /// Reads a `BertModel` or `RobertaModel` configuration. Refuses every setting that this program does not support.
  /// - Parameter positionOffset: rows of the position table before the first token's row.
  init(sentence config: JSONValue, positionOffset: Int) throws(JSONError) {
    try config.refuseForeignCode()
    guard let activation = config["hidden_act"], Self.gelu.contains(activation) else {
      throw config.unsupported("hidden_act", "only gelu is supported")
    }
    if config["position_embedding_type"] != nil { try config.require("position_embedding_type", "absolute") }
    for key in ["is_decoder", "add_cross_attention"] where config[key] == true {
      throw config.unsupported(key, "a sentence encoder must attend to its whole text, and to nothing else")
    }
    hiddenSize = try config.integer("hidden_size", in: Self.limit)
    layers = try config.integer("num_hidden_layers", in: 1...1024)
    heads = try config.integer("num_attention_heads", in: Self.limit)
    feedForwardSize = try config.integer("intermediate_size", in: Self.limit)
    vocabularySize = try config.integer("vocab_size", in: 1...(1 << 24))
    maximumPositions =
      try config.integer("max_position_embeddings", in: (positionOffset + 2)...(1 << 20)) - positionOffset
    layerNormEpsilon = try config.epsilon()
    try Self.checkHeads(heads, hiddenSize, "num_attention_heads")
  }

  /// Reads the encoder of a `BartModel` configuration.
  init(bartEncoder config: JSONValue) throws(JSONError) {
    hiddenSize = try config.integer("d_model", in: Self.limit)
    layers = try config.integer("encoder_layers", in: 1...1024)
    heads = try config.integer("encoder_attention_heads", in: Self.limit)
    feedForwardSize = try config.integer("encoder_ffn_dim", in: Self.limit)
    vocabularySize = try config.integer("vocab_size", in: 1...(1 << 24))
    maximumPositions = try config.integer("max_position_embeddings", in: 2...(1 << 20))
    // Hugging Face's BART has no such setting and uses PyTorch's default.
    layerNormEpsilon = config["layer_norm_eps"] == nil ? 1e-5 : try config.epsilon()
    try Self.checkHeads(heads, hiddenSize, "encoder_attention_heads")
  }

  static func checkHeads(_ heads: Int, _ hiddenSize: Int, _ key: String) throws(JSONError) {
    guard hiddenSize % heads == 0 else {
      throw JSONError(keyPath: key, message: "is \(heads), which does not divide \(hiddenSize)")
    }
  }
}

extension JSONValue {
  /// Throws unless a setting has the only value that this program supports.
  func require(_ key: String, _ expected: JSONValue) throws(JSONError) {
    let found = try required([key])
    guard found == expected else {
      throw JSONError(keyPath: key, message: "is \(found.serialized()); only \(expected.serialized()) is supported")
    }
  }

  /// The error for a setting that this program does not support.
  func unsupported(_ key: String, _ why: String) -> JSONError {
    JSONError(keyPath: key, message: "is \(self[key]?.serialized().prefix(80) ?? "missing"); \(why)")
  }

  /// Refuses quantised checkpoints, and networks with their own code.
  func refuseForeignCode() throws(JSONError) {
    if let quantized = self["quantization_config"], quantized != .null {
      throw unsupported("quantization_config", "convert the original float checkpoint instead")
    }
    if case .object(let classes)? = self["auto_map"], !classes.isEmpty {
      throw unsupported("auto_map", "the network needs its own Python code, which this program does not run")
    }
  }

  func epsilon() throws(JSONError) -> Double {
    let epsilon = try number("layer_norm_eps")
    guard epsilon > 0, epsilon < 1 else {
      throw JSONError(keyPath: "layer_norm_eps", message: "is \(epsilon), outside 0...1")
    }
    return epsilon
  }
}
