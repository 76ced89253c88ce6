/// A retrieved row.
public struct Neighbor: Sendable, Equatable {
  /// The row's number in the index.
  public let row: Int
  /// Approximate cosine with the query, in -1...1.
  public let similarity: Float

  public init(row: Int, similarity: Float) {
    self.row = row
    self.similarity = similarity
  }
}

/// The best rows of a scan: a bounded min-heap. Of equal sums the lower row wins, so that the outcome does not depend on
/// the order of the scan.
struct TopRows<Sum: FixedWidthInteger & UnsignedInteger> {
  /// Sum (of at most 32 bits) in the upper half, inverted row in the lower: one comparison orders both.
  private var keys: [UInt64] = []
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    keys.reserveCapacity(capacity)
  }

  /// A sum below this can no longer enter.
  var threshold: Sum { keys.count < capacity ? 0 : Sum(truncatingIfNeeded: keys[0] >> 32) }

  /// Enters a row if it belongs to the best. O(log capacity).
  mutating func insert(sum: Sum, row: Int) {
    let key = UInt64(sum) << 32 | UInt64(UInt32.max - UInt32(truncatingIfNeeded: row))
    if keys.count < capacity {
      keys.append(key)
      siftUp()
    } else if let least = keys.first, key > least {
      keys[0] = key
      siftDown()
    }
  }

  /// The rows, best first. O(n log n).
  func rows() -> [Int] { entries().map(\.row) }

  /// The rows with their sums, best first. O(n log n).
  func entries() -> [(row: Int, sum: Sum)] {
    keys.sorted(by: >).map { key in
      (Int(UInt32.max - UInt32(truncatingIfNeeded: key)), Sum(truncatingIfNeeded: key >> 32))
    }
  }

  private mutating func siftUp() {
    var child = keys.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if keys[parent] <= keys[child] { return }
      keys.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var least = parent
      let left = 2 * parent + 1
      if left < keys.count, keys[left] < keys[least] { least = left }
      if left + 1 < keys.count, keys[left + 1] < keys[least] { least = left + 1 }
      if least == parent { return }
      keys.swapAt(parent, least)
      parent = least
    }
  }
}
