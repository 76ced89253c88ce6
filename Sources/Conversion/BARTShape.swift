// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The hyper-parameters of BART's encoder and decoder, from a Hugging Face configuration.
struct BARTShape: Equatable, Sendable {
  let encoder: EncoderShape
  let decoderLayers: Int
  let decoderHeads: Int
  let decoderFeedForwardSize: Int
  /// Whether word embeddings are multiplied by sqrt(d).
  let scalesEmbeddings: Bool

  init(_ config: JSONValue) throws(JSONError) {
    try config.require("model_type", "bart")
    try config.require("activation_function", "gelu")
    try config.refuseForeignCode()
    for (key, value) in Self.fixed where config[key] != nil { try config.require(key, value) }
    scalesEmbeddings = config["scale_embedding"] == nil ? false : try config.bool("scale_embedding")
    encoder = try EncoderShape(bartEncoder: config)
    decoderLayers = try config.integer("decoder_layers", in: 1...1024)
    decoderHeads = try config.integer("decoder_attention_heads", in: EncoderShape.limit)
    decoderFeedForwardSize = try config.integer("decoder_ffn_dim", in: EncoderShape.limit)
    try EncoderShape.checkHeads(decoderHeads, encoder.hiddenSize, "decoder_attention_heads")
  }

  /// Settings that BART's relatives change. This program supports only BART's values.
  private static let fixed: [(String, JSONValue)] = [
    ("normalize_before", false), ("add_final_layer_norm", false), ("normalize_embedding", true),
    ("static_position_embeddings", false), ("tie_word_embeddings", true),
  ]

  /// - Parameter maximumTokens: the longest source.
  func encoderMetadata(maximumTokens: Int) -> JSONValue {
    guard case .object(var members) = encoder.metadata(pooling: nil) else { return .null }
    members["maximumTokens"] = .integer(maximumTokens)
    if scalesEmbeddings { members["scalesEmbeddings"] = true }
    return .object(members)
  }

  /// - Parameter positions: rows of the decoder's position table.
  func decoderMetadata(positions: Int) -> JSONValue {
    [
      "hiddenSize": .integer(encoder.hiddenSize), "layers": .integer(decoderLayers), "heads": .integer(decoderHeads),
      "feedForwardSize": .integer(decoderFeedForwardSize), "maximumPositions": .integer(positions),
      "layerNormEpsilon": .number(encoder.layerNormEpsilon), "activation": "gelu",
    ]
  }
}
