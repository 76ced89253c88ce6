// SPDX-License-Identifier: Apache-2.0
/// An input line: a JSON object, or text that is taken unchanged.
///
/// Tweets, corpora and gold rows follow the same rule. Byte order marks at the start are ignored; there may be several, because
/// files that begin with one get joined. An object may have blanks before it.
package enum InputLine: Sendable {
  /// A JSON object, and its original bytes.
  case object(JSONValue, source: JSONSource)
  /// Anything else that is UTF-8.
  case text(String)

  /// Parses a line without its line end. O(bytes).
  package init(_ line: [UInt8]) throws(InputLineError) {
    if Self.isUTF16(line) { throw InputLineError(.encoding, "the line is UTF-16: \(Self.iconv)") }
    if let place = line.firstIndex(of: 0) { throw InputLineError(.encoding, "the line has a NUL at byte \(place)") }
    let body = line[Self.endOfMarks(line)...]
    guard let text = String(validating: body, as: UTF8.self) else {
      throw InputLineError(.encoding, "the line is not UTF-8 at byte \(Self.firstInvalidByte(line))")
    }
    let content = line[Self.endOfMarks(line, blanksToo: true)...]
    switch content.first {
    case UInt8(ascii: "{"):
      do {
        self = .object(try JSONValue(parsing: Array(content)), source: JSONSource(content))
      } catch {
        let place = error.offset.map { "byte \($0 + content.startIndex): " } ?? ""
        throw InputLineError(.json, "the line starts with { but is not a JSON object: \(place)\(error.message)")
      }
    case UInt8(ascii: "[") where Self.isArray(content):
      throw InputLineError(.array, "the line is a JSON array: \(Self.advice)")
    default: self = .text(text)
    }
  }

  private static let advice = "give one object per line; \"jq -c '.[]'\" converts an array"
  private static let iconv = "convert the input with \"iconv -f UTF-16 -t UTF-8\" (UTF-16LE or UTF-16BE if it has no mark)"

  /// Why a whole file cannot be read line by line, judging by its first line that is not empty: it is UTF-16, or JSON that spans
  /// several lines. Nil for any other file.
  package static func objection(toFileBeginning line: [UInt8]) -> String? {
    if isUTF16(line) { return "the file is UTF-16: \(iconv)" }
    let content = line[endOfMarks(line, blanksToo: true)...]
    if content.first == UInt8(ascii: "["), isArray(content) { return "the file is a JSON array: \(advice)" }
    if content.first == UInt8(ascii: "{"), content.dropFirst().allSatisfy(isBlank) {
      return "the file has objects that span several lines: give one object per line; \"jq -c .\" converts them"
    }
    return nil
  }

  /// Whether the line begins with a UTF-16 byte order mark, or at least a third of its bytes are NUL. In UTF-16, half of the
  /// bytes of ASCII text are.
  private static func isUTF16(_ line: [UInt8]) -> Bool {
    line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF])
      || line.contains(0) && 3 * line.count(where: { $0 == 0 }) >= line.count
  }

  /// Whether bytes that start with "[" are a JSON array or begin an array of objects. "[ALERT] Bridge out" is a tweet.
  private static func isArray(_ content: ArraySlice<UInt8>) -> Bool {
    let start = content.lazy.filter { !isBlank($0) }.prefix(3)
    if start.count == 1 || Array(start) == Array("[{\"".utf8) || Array(start) == Array("[{}".utf8) { return true }
    return (try? JSONValue(parsing: Array(content))) != nil
  }

  /// The end of the byte order marks at the line's start, and of blanks among them with `blanksToo`.
  private static func endOfMarks(_ line: [UInt8], blanksToo: Bool = false) -> Int {
    var position = 0
    while position < line.count {
      if line[position...].starts(with: [0xEF, 0xBB, 0xBF]) {
        position += 3
      } else if blanksToo, isBlank(line[position]) {
        position += 1
      } else if blanksToo, line[position...].starts(with: [0xC2, 0xA0]) {
        position += 2
      } else {
        break
      }
    }
    return position
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// The offset of the first byte that is not part of a well-formed UTF-8 sequence.
  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput, .error: return offset
      }
    }
  }
}

/// Why a line cannot be read.
package struct InputLineError: Error, Equatable, Sendable {
  package enum Kind: Sendable {
    /// The line is not UTF-8, or has a NUL.
    case encoding
    /// The line starts with { but is not a JSON object.
    case json
    /// The line is a JSON array.
    case array
  }

  package let kind: Kind
  package let message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
