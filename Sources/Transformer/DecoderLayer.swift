import ModelFile
import Tensors

/// BART's decoder layer, post-norm: self-attention, attention to the source, feed-forward, each with its residual.
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

  /// Replaces `x` [l, d]; keys and values [S, d] are the source's for this layer.
  func apply(
    _ x: FloatView, keys: FloatView, values: FloatView, causal: Bool, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let change = try arena.floats(rows: x.rows, columns: x.columns)
    try selfAttention.applyToSelf(x, causal: causal, into: change, arena: arena)
    selfAttentionNorm.apply(x, residual: change)
    try crossAttention.apply(x, keys: keys, values: values, into: change, arena: arena)
    crossAttentionNorm.apply(x, residual: change)
    try feedForward.apply(x, into: change, arena: arena)
    feedForwardNorm.apply(x, residual: change)
  }

  func scratch(rows: Int, sourceRows: Int) -> Int {
    Arena.bytes(rows * selfAttention.width, Float.self)
      + max(
        selfAttention.scratchToSelf(rows: rows), crossAttention.scratch(rows: rows, keys: sourceRows),
        feedForward.scratch(rows: rows))
  }
}
