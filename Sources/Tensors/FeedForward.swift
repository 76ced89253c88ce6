// SPDX-License-Identifier: Apache-2.0
/// Two linear layers with a GELU (erf form) between them.
package struct FeedForward: Sendable {
  package let up: Linear
  package let down: Linear

  package init(up: Linear, down: Linear) {
    self.up = up
    self.down = down
  }

  /// `x` and `result` are [n, width].
  package func apply(_ x: FloatView, into result: FloatView, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let hidden = try arena.floats(rows: x.rows, columns: up.outputs)
    try up.apply(x, into: hidden, activation: .gelu, arena: arena)
    try down.apply(hidden, into: result, arena: arena)
  }

  /// Arena bytes of `apply`.
  package func scratch(rows: Int) -> Int {
    Arena.bytes(rows * up.outputs, Float.self) + max(up.scratch(rows: rows), down.scratch(rows: rows))
  }
}
