// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The hyper-parameters of an encoder. The decoder's layers share the first four.
package struct EncoderConfiguration: Sendable, Equatable {
  /// Width d of the hidden states.
  package let hiddenSize: Int
  package let layers: Int
  /// Attention heads; must divide `hiddenSize`.
  package let heads: Int
  package let feedForwardSize: Int
  package let layerNormEpsilon: Float
  /// Rows of the word embeddings.
  package let vocabularySize: Int
  /// Rows of the position table.
  package let maximumPositions: Int
  /// Longest accepted sequence, special tokens included; at most `maximumPositions`.
  package let maximumTokens: Int

  /// Whether word embeddings are multiplied by sqrt(d): "scalesEmbeddings", false by default.
  package let scalesEmbeddings: Bool

  package init(_ parameters: Hyperparameters) throws(ContainerError) {
    let layers = try LayerConfiguration(parameters)
    hiddenSize = layers.hiddenSize
    self.layers = layers.layers
    heads = layers.heads
    feedForwardSize = layers.feedForwardSize
    layerNormEpsilon = layers.layerNormEpsilon
    vocabularySize = try parameters.integer("vocabularySize", in: 1...(1 << 24))
    maximumPositions = try parameters.integer("maximumPositions", in: 2...(1 << 20))
    maximumTokens = try parameters.integer("maximumTokens", in: 2...min(maximumPositions, 4096))
    scalesEmbeddings = parameters.contains("scalesEmbeddings") ? try parameters.bool("scalesEmbeddings") : false
  }

  var layer: LayerConfiguration {
    LayerConfiguration(
      hiddenSize: hiddenSize, layers: layers, heads: heads, feedForwardSize: feedForwardSize,
      layerNormEpsilon: layerNormEpsilon)
  }
}

/// The sizes and settings of an encoder or decoder layer.
struct LayerConfiguration {
  let hiddenSize: Int
  let layers: Int
  let heads: Int
  let feedForwardSize: Int
  let layerNormEpsilon: Float
}

extension LayerConfiguration {
  init(_ parameters: Hyperparameters) throws(ContainerError) {
    hiddenSize = try parameters.integer("hiddenSize", in: 2...16384)
    layers = try parameters.integer("layers", in: 1...256)
    heads = try parameters.integer("heads", in: 1...hiddenSize)
    feedForwardSize = try parameters.integer("feedForwardSize", in: 1...65536)
    layerNormEpsilon = Float(try parameters.number("layerNormEpsilon"))
    try parameters.require("activation", "gelu")
    if hiddenSize % heads != 0 {
      throw parameters.failure("\(heads) heads do not divide a hidden size of \(hiddenSize)")
    }
    if !(layerNormEpsilon >= 0 && layerNormEpsilon < 1) {
      throw parameters.failure("layerNormEpsilon is \(layerNormEpsilon), outside 0..<1")
    }
  }
}
