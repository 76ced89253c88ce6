import ModelFile
import Tensors

/// Post-norm: x = LN(x + attention(x)); x = LN(x + feedForward(x)). BERT's layer and BART's encoder layer.
struct EncoderLayer: Sendable {
  let attention: MultiHeadAttention
  let attentionNorm: LayerNorm
  let feedForward: FeedForward
  let feedForwardNorm: LayerNorm

  init(_ reader: TensorReader, _ shape: LayerConfiguration) throws(ContainerError) {
    let (d, epsilon) = (shape.hiddenSize, shape.layerNormEpsilon)
    attention = try reader.selfAttention("attention", width: d, heads: shape.heads)
    attentionNorm = try reader.layerNorm("attention.norm", size: d, epsilon: epsilon)
    feedForward = try reader.feedForward("feedForward", width: d, inner: shape.feedForwardSize)
    feedForwardNorm = try reader.layerNorm("feedForward.norm", size: d, epsilon: epsilon)
  }

  /// Replaces `x` [n, d], the states of one sequence, or of several one after the other, of so many rows each.
  func apply(_ x: FloatView, lengths: [Int]? = nil, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let change = try arena.floats(rows: x.rows, columns: x.columns)
    try attention.applyToSelf(x, causal: false, lengths: lengths, into: change, arena: arena)
    attentionNorm.apply(x, residual: change)
    try feedForward.apply(x, into: change, arena: arena)
    feedForwardNorm.apply(x, residual: change)
  }

  func scratch(rows: Int) -> Int {
    Arena.bytes(rows * attention.width, Float.self)
      + max(attention.scratchToSelf(rows: rows), feedForward.scratch(rows: rows))
  }
}
