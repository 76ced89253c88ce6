// SPDX-License-Identifier: Apache-2.0
/// Numbers of rows, ascending: those that have a word, or carry a hashtag. New ones come at its end, forgotten ones leave at
/// its front.
struct RowList: Sendable {
  private var rows: [UInt32] = []
  private var first = 0

  var isEmpty: Bool { first == rows.count }
  /// Rows of the whole list.
  var count: Int { rows.count - first }

  mutating func append(_ row: Int) { rows.append(UInt32(truncatingIfNeeded: row)) }

  /// Takes off the first row. O(1) on average.
  mutating func removeFirst() {
    first += 1
    if first > 32, first > rows.count / 2 {
      rows.removeFirst(first)
      first = 0
    }
  }

  /// How many of its rows lie in a range. O(log n).
  func count(in range: Range<Int>) -> Int { place(of: range.upperBound) - place(of: range.lowerBound) }

  /// Its rows in a range, the last `most` of them, ascending. O(log n).
  func rows(in range: Range<Int>, last most: Int = .max) -> ArraySlice<UInt32> {
    let (low, high) = (place(of: range.lowerBound), place(of: range.upperBound))
    return rows[max(low, high - min(most, high - low))..<high]
  }

  /// The place of the first row that is not below `row`.
  private func place(of row: Int) -> Int {
    var (low, high) = (first, rows.count)
    // Most ranges begin before the first row, or end behind the last.
    if low == high || Int(rows[low]) >= row { return low }
    if Int(rows[high - 1]) < row { return high }
    while low < high {
      let middle = (low + high) / 2
      if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
