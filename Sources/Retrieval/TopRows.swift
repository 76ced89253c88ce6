// SPDX-License-Identifier: Apache-2.0
/// A retrieved row.
package struct Neighbour: Sendable, Equatable {
  /// The row's number in the index.
  package let row: Int
  /// Approximate cosine with the query, in -1...1.
  package let similarity: Float

  package init(row: Int, similarity: Float) {
    self.row = row
    self.similarity = similarity
  }
}

/// The best rows of a scan.
///
/// It holds up to twice as many rows as wanted. When it is full, quickselect (Hoare's FIND, 1961) keeps the better half, so
/// inserting a row costs almost nothing. Of equal sums the lower row wins, so the outcome does not depend on the order of
/// the scan.
package struct TopRows<Sum: FixedWidthInteger & UnsignedInteger> {
  /// The sum (at most 32 bits) in the upper half, the inverted row in the lower: one comparison orders both, and no two
  /// keys are equal.
  @usableFromInline var keys: [UInt64] = []
  @usableFromInline let capacity: Int
  /// The smallest key that the last cut kept.
  @usableFromInline var least: UInt64 = 0

  /// - Parameter threshold: rows with smaller sums are never inserted.
  @inlinable package init(capacity: Int, threshold: Sum = 0) {
    self.capacity = capacity
    least = UInt64(threshold) << 32
    keys.reserveCapacity(2 * capacity)
  }

  /// The number of rows kept, at most `capacity`.
  @inlinable package var count: Int { min(keys.count, capacity) }

  /// Rows with a smaller sum can no longer enter.
  @inlinable package var threshold: Sum { Sum(truncatingIfNeeded: least >> 32) }

  /// Inserts a row if it may be among the best. O(1) on average.
  @inlinable package mutating func insert(sum: Sum, row: Int) {
    let key = UInt64(sum) << 32 | UInt64(UInt32.max - UInt32(truncatingIfNeeded: row))
    guard key >= least, capacity > 0 else { return }
    keys.append(key)
    if keys.count >= 2 * capacity { cut() }
  }

  /// The rows, best first. O(n log n).
  @inlinable package func rows() -> [Int] { entries().map(\.row) }

  /// The rows with their sums, best first. O(n log n).
  @inlinable package func entries() -> [(row: Int, sum: Sum)] { keys.sorted(by: >).prefix(capacity).map { Self.entry($0) } }

  /// The rows with their sums, in no particular order. O(n).
  @inlinable package mutating func anyOrder() -> [(row: Int, sum: Sum)] {
    if keys.count > capacity { cut() }
    return keys.map { Self.entry($0) }
  }

  @inlinable static func entry(_ key: UInt64) -> (row: Int, sum: Sum) {
    (Int(UInt32.max - UInt32(truncatingIfNeeded: key)), Sum(truncatingIfNeeded: key >> 32))
  }

  /// Keeps the best `capacity`.
  @inlinable mutating func cut() {
    keys.withUnsafeMutableBufferPointer { keys in
      // Moves the best to the front: keys before `first` are better than those in first ... last, keys behind are worse.
      var (first, last) = (0, keys.count - 1)
      while first < last {
        let pivot = keys[first + (last - first) / 2]
        var (low, high) = (first, last)
        while low <= high {
          while keys[low] > pivot { low += 1 }
          while keys[high] < pivot { high -= 1 }
          if low <= high {
            keys.swapAt(low, high)
            low += 1
            high -= 1
          }
        }
        if capacity - 1 <= high { last = high } else if capacity - 1 >= low { first = low } else { break }
      }
      least = keys[capacity - 1]
    }
    keys.removeSubrange(capacity...)
  }
}
