// SPDX-License-Identifier: Apache-2.0
/// The compressed list of the rows that contain a word, ascending, with the word's frequency in each.
///
/// A posting encodes the gap to the row before it (row − previous − 1; the row itself for the first), shifted left by one.
/// The lowest bit is set if the word occurs more than once in the row; the frequency − 2 then follows. Both are LEB128
/// numbers: seven bits per byte, lowest first, the high bit set on all but the last. The encoding cannot express rows that
/// do not ascend.
enum PostingList {
  struct Posting: Equatable {
    var row: Int
    /// f, at least 1.
    var frequency: Int
  }

  struct Malformed: Error, Equatable { let rule: String }

  /// Appends the bytes of ascending postings.
  static func append(_ postings: some Sequence<Posting>, to bytes: inout [UInt8]) {
    var next = 0
    for posting in postings {
      append((posting.row - next) << 1 | (posting.frequency > 1 ? 1 : 0), to: &bytes)
      if posting.frequency > 1 { append(posting.frequency - 2, to: &bytes) }
      next = posting.row + 1
    }
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Checks an untrusted list, and adds every row's frequency to its length. O(bytes).
  /// - Throws: `Malformed` unless the bytes are one or more whole postings of rows below `lengths.count`.
  static func check(
    _ bytes: UnsafeBufferPointer<UInt8>, lengths: UnsafeMutableBufferPointer<UInt32>
  ) throws(Malformed) {
    var position = 0
    var next = 0
    guard !bytes.isEmpty else { throw Malformed(rule: "has a word without rows") }
    while position < bytes.count {
      let head = try number(bytes, &position)
      let row = next + head >> 1
      guard row < lengths.count else { throw Malformed(rule: "has row \(row), but the index has \(lengths.count) rows") }
      let frequency = head & 1 == 0 ? 1 : try number(bytes, &position) + 2
      guard frequency <= maximumFrequency else { throw Malformed(rule: "has frequency \(frequency), above \(maximumFrequency)") }
      lengths[row] &+= UInt32(truncatingIfNeeded: frequency)
      next = row + 1
    }
  }

  /// More than the number of words in the longest input line.
  static let maximumFrequency = 1 << 20

  /// Reads at most five bytes (35 bits), so that the sum of two numbers cannot overflow.
  @inline(__always)
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(Malformed) -> Int {
    var value = 0
    var shift = 0
    while shift < 35 {
      guard position < bytes.count else { throw Malformed(rule: "ends within a number") }
      let byte = Int(bytes[position])
      position += 1
      value |= (byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Malformed(rule: "has a number of more than five bytes")
  }

  /// Calls `body(row, frequency)` for every posting of a checked list. O(bytes).
  @inline(__always)
  static func forEach(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (Int, Int) -> Void) {
    guard var place = bytes.baseAddress else { return }
    let end = place + bytes.count
    @inline(__always) func number() -> Int {
      var value = Int(place.pointee)
      place += 1
      guard value >= 0x80 else { return value }
      value &= 0x7F
      var shift = 7
      while place < end {
        let byte = Int(place.pointee)
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80 || shift == 28 { break }
        shift += 7
      }
      return value
    }
    var next = 0
    while place < end {
      let head = number()
      let row = next + head >> 1
      body(row, head & 1 == 0 || place == end ? 1 : number() + 2)
      next = row + 1
    }
  }
}
