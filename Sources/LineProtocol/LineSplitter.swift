// SPDX-License-Identifier: Apache-2.0
/// Splits a stream of bytes into lines, in constant memory.
///
/// A line ends at LF or CR LF; the last line may have no line end. The bytes of a line longer than the limit are dropped as
/// they arrive, and its end is reported as `tooLong`, so no input makes the buffer grow.
package struct LineSplitter: Sendable {
  /// One line of the input.
  package enum Line: Equatable, Sendable {
    /// The bytes of the line, without the line end.
    case bytes([UInt8])
    /// The line exceeded the limit.
    case tooLong
  }

  /// The protocol's limit for a line, without the line end.
  package static let defaultLimit = 64 * 1024

  /// The maximum length of a line in bytes, without the line end.
  package let limit: Int
  private var buffer: [UInt8] = []
  /// The start of the next line, and the end of the part already searched for a line end.
  private var start = 0
  private var searched = 0
  /// Whether the current line has already exceeded the limit.
  private var isSkipping = false
  private var isFirst = true

  package init(limit: Int = LineSplitter.defaultLimit) {
    self.limit = limit
    buffer.reserveCapacity(2 * limit)
  }

  /// Appends bytes. Complexity: O(bytes), plus moving at most one unfinished line.
  package mutating func append(_ bytes: ArraySlice<UInt8>) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The number of buffered bytes; for tests of the memory bound.
  var bufferedBytes: Int { buffer.count }

  /// The next complete line; nil if more input is needed.
  package mutating func next() -> Line? {
    if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = take(upTo: end)
      start = end + 1
      searched = start
      return line
    }
    searched = buffer.count
    // The byte after the limit may be the CR of a line end whose LF has not arrived yet.
    if isSkipping || buffer.count - start > limit + 1 {
      isSkipping = true
      start = buffer.count
    }
    return nil
  }

  /// The last line after the end of the input, if it has no newline.
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
    // Files from Windows editors may start with a byte order mark, which is not part of the first tweet.
    if isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    return line.count > limit ? .tooLong : .bytes(Array(line))
  }
}
