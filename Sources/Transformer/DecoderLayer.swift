// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// BART's post-norm decoder layer: self-attention, attention to the source, feed-forward, each with a residual.
struct DecoderLayer: Sendable {
  let selfAttention: MultiHeadAttention
  let selfAttentionNorm: LayerNorm
  let crossAttention: MultiHeadAttention
  let crossAttentionNorm: LayerNorm
  let feedForward: FeedForward
  let feedForwardNorm: LayerNorm

  init(_ reader: TensorReader, _ shape: LayerConfiguration) throws(ContainerError) {
    let (d, epsilon) = (shape.hiddenSize, shape.layerNormEpsilon)
    selfAttention = try reader.selfAttention("selfAttention", width: d, heads: shape.heads)
    selfAttentionNorm = try reader.layerNorm("selfAttention.norm", size: d, epsilon: epsilon)
    crossAttention = try reader.crossAttention("crossAttention", width: d, heads: shape.heads)
    crossAttentionNorm = try reader.layerNorm("crossAttention.norm", size: d, epsilon: epsilon)
    feedForward = try reader.feedForward("feedForward", width: d, inner: shape.feedForwardSize)
    feedForwardNorm = try reader.layerNorm("feedForward.norm", size: d, epsilon: epsilon)
  }

  /// How the rows of the target relate to one another.
  enum Target {
    /// One whole sequence.
    case sequence(causal: Bool)
    /// The newest tokens of several sequences. The cache holds the earlier tokens for layer `layer`.
    case step(KeyValueCache, layer: Int)
  }

  /// Replaces `x` [l, d]. `keys` and `values` [S, d] are this layer's keys and values of the source.
  func apply(
    _ x: FloatView, keys: FloatView, values: FloatView, as target: Target, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let change = try arena.floats(rows: x.rows, columns: x.columns)
    switch target {
    case .sequence(let causal): try selfAttention.applyToSelf(x, causal: causal, into: change, arena: arena)
    case .step(let cache, let layer): try selfAttention.apply(x, cache: cache, layer: layer, into: change, arena: arena)
    }
    selfAttentionNorm.apply(x, residual: change)
    try crossAttention.apply(x, keys: keys, values: values, into: change, arena: arena)
    crossAttentionNorm.apply(x, residual: change)
    try feedForward.apply(x, into: change, arena: arena)
    feedForwardNorm.apply(x, residual: change)
  }

  /// Arena bytes that `apply` needs.
  ///
  /// - Parameter steps: the steps of the cache, or nil for a whole sequence.
  func scratch(rows: Int, sourceRows: Int, steps: Int? = nil) -> Int {
    let attention =
      steps.map { selfAttention.scratchToStep(rows: rows, steps: $0) } ?? selfAttention.scratchToSelf(rows: rows)
    return Arena.bytes(rows * selfAttention.width, Float.self)
      + max(attention, crossAttention.scratch(rows: rows, keys: sourceRows), feedForward.scratch(rows: rows))
  }
}
