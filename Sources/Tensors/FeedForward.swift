/// Two linear layers with erf GELU in between.
public struct FeedForward: Sendable {
  /// Rows that go through both layers at a time: what lies between them, the widest matrix of a network, then stays in the
  /// second-level cache (384 KiB for 1536 columns).
  private static let block = 64

  public let up: Linear
  public let down: Linear

  public init(up: Linear, down: Linear) {
    self.up = up
    self.down = down
  }

  /// `x` and `result` are [n, width].
  public func apply(_ x: FloatView, into result: FloatView, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let block = try arena.floats(rows: min(x.rows, Self.block), columns: up.outputs)
    for first in stride(from: 0, to: x.rows, by: Self.block) {
      let count = min(Self.block, x.rows - first)
      let hidden = block.rows(from: 0, count: count)
      try up.apply(x.rows(from: first, count: count), into: hidden, activation: .gelu, arena: arena)
      try down.apply(hidden, into: result.rows(from: first, count: count), arena: arena)
    }
  }

  /// Arena bytes of `apply`.
  public func scratch(rows: Int) -> Int {
    let count = min(rows, Self.block)
    return Arena.bytes(count * up.outputs, Float.self) + max(up.scratch(rows: count), down.scratch(rows: count))
  }
}
