// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// BERT's layer and BART's encoder layer, post-norm: x = LN(x + attention(x)); x = LN(x + feedForward(x)).
struct EncoderLayer: Sendable {
  let attention: MultiHeadAttention
  let attentionNorm: LayerNorm
  let feedForward: FeedForward
  let feedForwardNorm: LayerNorm

  /// Rows that are computed together. With 64 rows, the feed-forward's inner activations, the widest matrix of a network, take
  /// 384 KiB (at 1536 columns).
  static let block = 64

  init(_ reader: TensorReader, _ shape: LayerConfiguration) throws(ContainerError) {
    let (d, epsilon) = (shape.hiddenSize, shape.layerNormEpsilon)
    attention = try reader.selfAttention("attention", width: d, heads: shape.heads)
    attentionNorm = try reader.layerNorm("attention.norm", size: d, epsilon: epsilon)
    feedForward = try reader.feedForward("feedForward", width: d, inner: shape.feedForwardSize)
    feedForwardNorm = try reader.layerNorm("feedForward.norm", size: d, epsilon: epsilon)
  }

  /// Replaces `x` [n, d], the states of one sequence, or of several sequences with `lengths` rows each.
  ///
  /// Attention handles whole sequences of together at most 64 rows, the feed-forward 64 rows at a time. The activations then
  /// stay in the second-level cache with a layer's weights, which are loaded from memory once for all rows.
  func apply(_ x: FloatView, lengths: [Int]? = nil, arena: Arena) throws(TensorError) {
    if let lengths {
      var (first, row) = (0, 0)
      while first < lengths.count {
        var (end, rows) = (first + 1, lengths[first])
        while end < lengths.count, rows + lengths[end] <= Self.block {
          rows += lengths[end]
          end += 1
        }
        try attend(x.rows(from: row, count: rows), lengths: lengths[first..<end], arena: arena)
        (first, row) = (end, row + rows)
      }
    } else {
      try attend(x, lengths: nil, arena: arena)
    }
    for first in stride(from: 0, to: x.rows, by: Self.block) {
      try feedForward(x.rows(from: first, count: min(Self.block, x.rows - first)), arena: arena)
    }
  }

  private func attend(_ x: FloatView, lengths: ArraySlice<Int>?, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let change = try arena.floats(rows: x.rows, columns: x.columns)
    try attention.applyToSelf(x, causal: false, lengths: lengths, into: change, arena: arena)
    attentionNorm.apply(x, residual: change)
  }

  private func feedForward(_ x: FloatView, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let change = try arena.floats(rows: x.rows, columns: x.columns)
    try feedForward.apply(x, into: change, arena: arena)
    feedForwardNorm.apply(x, residual: change)
  }

  /// Arena bytes that `apply` needs for a sequence of this many rows. Several sequences need as much as the longest or 64 rows.
  func scratch(rows: Int) -> Int {
    let block = min(rows, Self.block)
    return max(
      Arena.bytes(rows * attention.width, Float.self) + attention.scratchToSelf(rows: rows),
      Arena.bytes(block * attention.width, Float.self) + feedForward.scratch(rows: block))
  }
}
