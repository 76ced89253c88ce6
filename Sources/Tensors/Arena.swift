// SPDX-License-Identifier: Apache-2.0
/// Scratch memory, allocated once when a network is opened, so that running it allocates nothing.
///
/// A bump allocator. Code that takes memory notes a `mark` before and releases to it afterwards, which frees everything taken in
/// between. An arena serves one thread.
///
///     let mark = arena.mark
///     defer { arena.release(to: mark) }
///     let hidden = try arena.floats(rows: 32, columns: 384)
package final class Arena {
  /// The alignment of every block in bytes, so that no two blocks share a cache line.
  package static let alignment = 64

  package let capacity: Int
  /// The most bytes that were ever in use.
  package private(set) var highWater = 0
  private let base: UnsafeMutableRawPointer
  private var used = 0

  /// - Parameter capacity: bytes, the sum of what the networks' `scratch…` functions return.
  package init(capacity: Int) {
    self.capacity = max(capacity, 0)
    base = .allocate(byteCount: max(capacity, Self.alignment), alignment: Self.alignment)
  }

  deinit { base.deallocate() }

  package var mark: Int { used }

  package func release(to mark: Int) { used = min(max(mark, 0), used) }

  /// An uninitialised matrix. Throws `arenaExhausted`, never traps.
  package func floats(rows: Int, columns: Int) throws(TensorError) -> FloatView {
    let block = try take(Self.bytes(rows * columns, Float.self))
    return FloatView(block.assumingMemoryBound(to: Float.self), rows: rows, columns: columns)
  }

  /// Uninitialised bytes. Throws `arenaExhausted`, never traps.
  package func int8(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Int8> {
    try take(Self.bytes(count, Int8.self)).assumingMemoryBound(to: Int8.self)
  }

  /// Uninitialised 32-bit integers. Throws `arenaExhausted`, never traps.
  package func integers(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Int32> {
    try take(Self.bytes(count, Int32.self)).bindMemory(to: Int32.self, capacity: count)
  }

  /// The bytes that a block of `count` elements takes, for planning.
  package static func bytes<Element>(_ count: Int, _ type: Element.Type) -> Int {
    (count * MemoryLayout<Element>.stride + alignment - 1) / alignment * alignment
  }

  private func take(_ size: Int) throws(TensorError) -> UnsafeMutableRawPointer {
    guard size >= 0, size <= capacity - used else {
      throw .arenaExhausted(requested: size, available: capacity - used)
    }
    defer {
      used += size
      highWater = max(highWater, used)
    }
    return base + used
  }
}
