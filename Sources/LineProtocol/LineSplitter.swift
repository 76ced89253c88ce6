// SPDX-License-Identifier: Apache-2.0
/// Cuts a stream of bytes into lines, in constant memory.
///
/// A line ends at LF or CR LF; the last one may lack its end. A line longer than the limit is reported as such when its
/// end arrives and its bytes are dropped as they come, so no input makes the buffer grow.
package struct LineSplitter: Sendable {
  /// One line of the input.
  package enum Line: Equatable, Sendable {
    /// Its bytes, without the line end.
    case bytes([UInt8])
    /// It was longer than the limit.
    case tooLong
  }

  /// The protocol's limit for a line, its end not counted.
  package static let defaultLimit = 64 * 1024

  /// The longest line, in bytes, its end not counted.
  package let limit: Int
  private var buffer: [UInt8] = []
  /// Where the next line starts, and up to where its end has been looked for.
  private var start = 0
  private var searched = 0
  /// The line in hand has already passed the limit.
  private var isSkipping = false
  private var isFirst = true

  package init(limit: Int = LineSplitter.defaultLimit) {
    self.limit = limit
    buffer.reserveCapacity(2 * limit)
  }

  /// Takes bytes in. Complexity: O(bytes), plus moving at most one unfinished line.
  package mutating func append(_ bytes: ArraySlice<UInt8>) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// How many bytes are held; for tests of the memory bound.
  var bufferedBytes: Int { buffer.count }

  /// The next complete line, or nil where more input is needed.
  package mutating func next() -> Line? {
    if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = take(upTo: end)
      start = end + 1
      searched = start
      return line
    }
    searched = buffer.count
    // One byte more than the limit may be the CR of a line end that is still to come.
    if isSkipping || buffer.count - start > limit + 1 {
      isSkipping = true
      start = buffer.count
    }
    return nil
  }

  /// What is left when the input has ended: the last line, where it lacked its newline.
  package mutating func finish() -> Line? {
    guard isSkipping || start < buffer.count else { return nil }
    let line = take(upTo: buffer.count)
    start = buffer.count
    searched = start
    return line
  }

  private mutating func take(upTo end: Int) -> Line {
    defer {
      isSkipping = false
      isFirst = false
    }
    if isSkipping { return .tooLong }
    var line = buffer[start..<end]
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    // Files from Windows editors start with a byte order mark, which is no part of the first tweet.
    if isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    return line.count > limit ? .tooLong : .bytes(Array(line))
  }
}
