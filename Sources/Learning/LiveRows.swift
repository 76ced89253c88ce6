// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The learned tweets that are not forgotten, numbered from 0 in the order in which they came.
///
/// The oldest are forgotten beyond a limit. Forgotten ones stay a while longer, `slack` rows, so that lines that are
/// answered together can each see the rows that there were at its own place.
struct LiveRows {
  /// More rows than lines that are ever answered together.
  static let slack = 1024

  let dimension: Int
  /// Rows that a line sees at most.
  let limit: Int
  /// The number of the next row.
  private(set) var end = 0
  /// Rows before this one are gone.
  private(set) var start = 0
  private var segments: [RowSegment] = []
  /// Segments before the first that is there.
  private var dropped = 0

  init(dimension: Int, limit: Int) {
    self.dimension = dimension
    self.limit = limit
  }

  /// The rows that a line sees that comes now.
  var visible: Range<Int> { max(0, end - limit)..<end }

  /// - Parameters:
  ///   - words: keys, ascending.
  ///   - hashtags: slots of `HashtagCounts`.
  mutating func append(_ row: QuantizedRow, words: [UInt32], hashtags: [Int], author: UInt64?) {
    if segments.last?.isFull ?? true { segments.append(RowSegment(dimension: dimension)) }
    segments[segments.count - 1].append(row, words: words, hashtags: hashtags, author: author)
    end += 1
  }

  /// The row that is to be forgotten, if any: it is still there until `removeFirst`.
  var overdue: Int? { end - start > limit + Self.slack ? start : nil }

  mutating func removeFirst() {
    start += 1
    if start / RowSegment.capacity > dropped {
      segments.removeFirst()
      dropped += 1
    }
  }

  /// The segment of a row in `start ..< end`, and the row's place in it.
  func place(of row: Int) -> (segment: RowSegment, row: Int) {
    (segments[row / RowSegment.capacity - dropped], row % RowSegment.capacity)
  }

  /// Calls `body` with each of some rows, ascending, and the slots of its hashtags.
  ///
  /// The rows of a word lie far apart. What is read of them is asked for first, so that they do not wait for one another.
  func forEach(_ rows: ArraySlice<UInt32>, _ body: (_ row: Int, _ hashtags: UnsafeBufferPointer<Int32>) -> Void) {
    var position = rows.startIndex
    while position < rows.endIndex {
      let number = Int(rows[position]) / RowSegment.capacity
      let start = position
      while position < rows.endIndex, Int(rows[position]) / RowSegment.capacity == number { position += 1 }
      segments[number - dropped].withHashtags { hashtags, ends in
        func range(_ row: UInt32) -> Range<Int> {
          let place = Int(row) % RowSegment.capacity
          return (place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])
        }
        for row in rows[start..<position] { assigner_prefetch(ends.baseAddress.map { $0 + Int(row) % RowSegment.capacity }) }
        for row in rows[start..<position] { assigner_prefetch(hashtags.baseAddress.map { $0 + range(row).lowerBound }) }
        for row in rows[start..<position] { body(Int(row), UnsafeBufferPointer(rebasing: hashtags[range(row)])) }
      }
    }
  }

  /// Calls `body` with the slot of each hashtag of a row.
  func forEachHashtag(of row: Int, _ body: (_ slot: Int) -> Void) {
    let (segment, place) = place(of: row)
    for slot in segment.hashtags(place) { body(Int(slot)) }
  }

  /// The segments of some rows, the first row of each, and which of its rows are meant.
  func segments(of rows: Range<Int>) -> [(segment: RowSegment, first: Int, rows: Range<Int>)] {
    guard !rows.isEmpty else { return [] }
    return (rows.lowerBound / RowSegment.capacity...(rows.upperBound - 1) / RowSegment.capacity).map { number in
      let first = number * RowSegment.capacity
      let inside = max(rows.lowerBound, first) - first..<min(rows.upperBound, first + RowSegment.capacity) - first
      return (segments[number - dropped], first, inside)
    }
  }

  /// Bytes that so many rows take, words, hashtags and the lists of both included, for tweets of middle length.
  static func footprint(rows: Int, dimension: Int) -> Int {
    let whole = (rows + slack + RowSegment.capacity) / RowSegment.capacity * RowSegment.capacity
    return whole * (dimension + RowSegment.pairs(dimension: dimension) + 384)
  }
}
