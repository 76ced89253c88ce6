// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Multi-head attention for short sequences: softmax(Q Kᵀ / sqrt(head size)) V, then an output projection.
///
/// There are keys for real tokens only, so there is no padding mask. Keys and values can be computed once and reused, as
/// cross-attention does over all denoising steps.
package struct MultiHeadAttention: Sendable {
  package let query: Linear
  package let key: Linear
  package let value: Linear
  package let output: Linear
  package let heads: Int

  /// All four layers are [width, width], and `heads` divides the width. The code that reads the file checks this.
  package init(query: Linear, key: Linear, value: Linear, output: Linear, heads: Int) {
    self.query = query
    self.key = key
    self.value = value
    self.output = output
    self.heads = heads
  }

  package var width: Int { query.outputs }
  package var headSize: Int { width / heads }

  /// Computes keys and values [n, width] of a source [n, width].
  package func project(
    _ source: FloatView, keys: FloatView, values: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let input = try LinearInput(source, for: key, quantized: key.isInt8 || value.isInt8, arena: arena)
    key.apply(input, into: keys)
    value.apply(input, into: values)
  }

  /// Self-attention of `x` [n, width], written to `result` [n, width].
  ///
  /// - Parameter lengths: the number of rows of each sequence, if `x` holds several one after the other; each attends only to
  ///   itself. Nil for one sequence.
  package func applyToSelf(
    _ x: FloatView, causal: Bool, lengths: ArraySlice<Int>? = nil, into result: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let keys = try arena.floats(rows: x.rows, columns: width)
    let values = try arena.floats(rows: x.rows, columns: width)
    let queries = try arena.floats(rows: x.rows, columns: width)
    let inner = arena.mark
    let input = try LinearInput(x, for: query, quantized: readsInt8, arena: arena)
    query.apply(input, into: queries)
    key.apply(input, into: keys)
    value.apply(input, into: values)
    arena.release(to: inner)
    try attend(queries, keys: keys, values: values, causal: causal, lengths: lengths, into: result, arena: arena)
  }

  /// Attention of `x` [n, width] to keys and values [m, width] of a source, written to `result` [n, width].
  package func apply(
    _ x: FloatView, keys: FloatView, values: FloatView, into result: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let queries = try arena.floats(rows: x.rows, columns: width)
    try query.apply(x, into: queries, arena: arena)
    try attend(queries, keys: keys, values: values, causal: false, into: result, arena: arena)
  }

  /// Self-attention at one more position of several sequences.
  ///
  /// Row i of `x` [n, width] is the last token of sequence i in the cache and attends to that sequence. Its key and value are
  /// added to the cache; the result is written to `result` [n, width].
  package func apply(
    _ x: FloatView, cache: KeyValueCache, layer: Int, into result: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let (keys, values) = (cache.keys(layer), cache.values(layer))
    let queries = try arena.floats(rows: x.rows, columns: width)
    let context = try arena.floats(rows: x.rows, columns: width)
    let inner = arena.mark
    let input = try LinearInput(x, for: query, quantized: readsInt8, arena: arena)
    query.apply(input, into: queries)
    key.apply(input, into: keys.rows(from: cache.newRow, count: x.rows))
    value.apply(input, into: values.rows(from: cache.newRow, count: x.rows))
    arena.release(to: inner)
    let scratch = try arena.floats(rows: assigner_attention_scratch(cache.count, headSize), columns: 1)
    for sequence in 0..<x.rows {
      let shape = assigner_attention_shape(
        queries: 1, keys: cache.count, heads: heads, head_size: headSize, causal: 0, chosen: cache.rows(sequence))
      assigner_ops_active().pointee.attention(
        queries.row(sequence), keys.base, values.base, context.row(sequence), scratch.base, shape)
    }
    arena.release(to: inner)
    try output.apply(context, into: result, arena: arena)
  }

  private func attend(
    _ queries: FloatView, keys: FloatView, values: FloatView, causal: Bool, lengths: ArraySlice<Int>? = nil,
    into result: FloatView, arena: Arena
  ) throws(TensorError) {
    let context = try arena.floats(rows: queries.rows, columns: width)
    let mark = arena.mark
    let scratch = try arena.floats(rows: assigner_attention_scratch(keys.rows, headSize), columns: 1)
    func attend(from row: Int, queries count: Int, keys keyCount: Int) {
      let shape = assigner_attention_shape(
        queries: count, keys: keyCount, heads: heads, head_size: headSize, causal: causal ? 1 : 0, chosen: nil)
      assigner_ops_active().pointee.attention(
        queries.row(row), keys.row(row), values.row(row), context.row(row), scratch.base, shape)
    }
    if let lengths {
      var row = 0
      for length in lengths {
        attend(from: row, queries: length, keys: length)
        row += length
      }
    } else {
      attend(from: 0, queries: queries.rows, keys: keys.rows)
    }
    arena.release(to: mark)
    try output.apply(context, into: result, arena: arena)
  }

  private var readsInt8: Bool { query.isInt8 || key.isInt8 || value.isInt8 }

  /// Arena bytes of `applyToSelf` over `rows` rows.
  package func scratchToSelf(rows: Int) -> Int {
    let input = LinearInput.scratch(rows: rows, columns: width, quantized: readsInt8)
    return 3 * Arena.bytes(rows * width, Float.self) + max(input, scratchToAttend(rows: rows, keys: rows))
  }

  /// Arena bytes of `apply` for `rows` queries over `keys` keys.
  package func scratch(rows: Int, keys: Int) -> Int {
    Arena.bytes(rows * width, Float.self) + max(query.scratch(rows: rows), scratchToAttend(rows: rows, keys: keys))
  }

  /// Arena bytes of a cached `apply` over `rows` sequences of up to `steps` tokens.
  package func scratchToStep(rows: Int, steps: Int) -> Int {
    let input = LinearInput.scratch(rows: rows, columns: width, quantized: readsInt8)
    let scratch = Arena.bytes(assigner_attention_scratch(steps, headSize), Float.self)
    return 2 * Arena.bytes(rows * width, Float.self) + max(input, scratch, output.scratch(rows: rows))
  }

  /// Arena bytes of `project` over `rows` rows.
  package func scratchToProject(rows: Int) -> Int {
    LinearInput.scratch(rows: rows, columns: width, quantized: key.isInt8 || value.isInt8)
  }

  private func scratchToAttend(rows: Int, keys: Int) -> Int {
    let scratch = Arena.bytes(assigner_attention_scratch(keys, headSize), Float.self)
    return Arena.bytes(rows * width, Float.self) + max(scratch, output.scratch(rows: rows))
  }
}
