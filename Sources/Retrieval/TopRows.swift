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

/// The best rows of a scan: a reservoir of twice as many, cut to the best half by quickselect (Hoare's FIND, 1961) whenever it
/// is full, so that entering a row costs nearly nothing. Of equal sums the lower row wins: the outcome does not depend on the
/// order of the scan.
package struct TopRows<Sum: FixedWidthInteger & UnsignedInteger> {
  /// Sum (of at most 32 bits) in the upper half, inverted row in the lower: one comparison orders both, and no two are equal.
  @usableFromInline var keys: [UInt64] = []
  @usableFromInline let capacity: Int
  /// The least of the best when they were last looked for.
  @usableFromInline var least: UInt64 = 0

  /// - Parameter threshold: rows with smaller sums are never entered.
  @inlinable package init(capacity: Int, threshold: Sum = 0) {
    self.capacity = capacity
    least = UInt64(threshold) << 32
    keys.reserveCapacity(2 * capacity)
  }

  /// Rows that are there, at most `capacity`.
  @inlinable package var count: Int { min(keys.count, capacity) }

  /// A sum below this can no longer enter.
  @inlinable package var threshold: Sum { Sum(truncatingIfNeeded: least >> 32) }

  /// Enters a row if it may belong to the best. O(1) on average.
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

  /// The same in no order. O(n).
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
      // The best come to the front: all before `first` are better than what lies in first ... last, all behind worse.
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
