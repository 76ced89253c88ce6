// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// One direction of a gated recurrent unit (Cho et al., 2014), with PyTorch's gates and their order:
///
///     r = σ(W_r x + U_r h)    z = σ(W_z x + U_z h)    n = tanh(W_n x + r (U_n h))    h' = n + z (h - n)
///
/// Every product has its bias.
struct GRU: Sendable {
  /// W [3 d, inputs] and U [3 d, d], in the order r, z, n.
  let input: Linear
  private let hidden: Linear

  /// Reads "NAME.input" and "NAME.hidden".
  init(_ reader: TensorReader, _ name: String, inputs: Int, size: Int) throws(ContainerError) {
    input = try reader.linear(name + ".input", outputs: 3 * size, inputs: inputs)
    hidden = try reader.linear(name + ".hidden", outputs: 3 * size, inputs: size)
  }

  /// d, the size of a state.
  var size: Int { hidden.inputs }

  /// Replaces the states [n, d] of n sequences by the next ones.
  ///
  /// - Parameter products: [n, 3 d], what `input` makes of each sequence's next element. Row i depends only on row i of both.
  func step(_ states: FloatView, _ products: FloatView, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let sums = try arena.floats(rows: states.rows, columns: 3 * size)
    try hidden.apply(states, into: sums, arena: arena)
    let gates = try arena.floats(rows: 1, columns: 2 * size)
    let candidate = try arena.floats(rows: 1, columns: size)
    for row in 0..<states.rows {
      let (x, u, h) = (products.row(row), sums.row(row), states.row(row))
      // σ(x) = (1 + tanh(x / 2)) / 2
      for i in 0..<2 * size { gates.base[i] = 0.5 * (x[i] + u[i]) }
      Kernels.activate(gates, .tanh)
      let (r, z) = (gates.base, gates.base + size)
      for i in 0..<size { candidate.base[i] = x[2 * size + i] + (0.5 + 0.5 * r[i]) * u[2 * size + i] }
      Kernels.activate(candidate, .tanh)
      for i in 0..<size { h[i] = candidate.base[i] + (0.5 + 0.5 * z[i]) * (h[i] - candidate.base[i]) }
    }
  }

  /// Writes the states of a whole text, from h = 0, to the columns `column ..< column + d` of `output` [T, …], and the last one
  /// to `last` [d].
  ///
  /// - Parameters:
  ///   - x: the text [T, inputs].
  ///   - isBackward: from the last element to the first.
  func run(
    _ x: LinearInput, isBackward: Bool, into output: FloatView, column: Int, last: UnsafeMutablePointer<Float>, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let products = try arena.floats(rows: output.rows, columns: 3 * size)
    input.apply(x, into: products)
    let state = FloatView(last, rows: 1, columns: size)
    state.fill(0)
    for step in 0..<output.rows {
      let row = isBackward ? output.rows - 1 - step : step
      try self.step(state, products.rows(from: row, count: 1), arena: arena)
      (output.row(row) + column).update(from: last, count: size)
    }
  }

  /// Arena bytes that `step` needs for n sequences.
  func scratch(sequences: Int) -> Int {
    Arena.bytes(sequences * 3 * size, Float.self) + hidden.scratch(rows: sequences) + Arena.bytes(2 * size, Float.self)
      + Arena.bytes(size, Float.self)
  }

  /// Arena bytes that `run` needs for a text of T elements.
  func scratch(length: Int) -> Int { Arena.bytes(length * 3 * size, Float.self) + scratch(sequences: 1) }
}
