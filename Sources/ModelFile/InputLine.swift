// SPDX-License-Identifier: Apache-2.0
/// What a line of input holds: a JSON object, or text that is taken as it stands.
///
/// One rule for tweets, corpora and gold rows. Byte order marks at the start do not count: files that begin with one get
/// joined. An object may have blanks before it.
package enum InputLine: Sendable {
  /// A JSON object, and the bytes it was written in.
  case object(JSONValue, source: JSONSource)
  /// Anything else that is UTF-8.
  case text(String)

  /// Reads a line, its end not included. O(bytes).
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
        throw InputLineError(.json, "the line starts with { but is no object: JSON, \(place)\(error.message)")
      }
    case UInt8(ascii: "[") where Self.isArray(content):
      throw InputLineError(.array, "the line is a JSON array: \(Self.advice)")
    default: self = .text(text)
    }
  }

  private static let advice = "give one object a line, which \"jq -c '.[]'\" makes of an array"
  private static let iconv = "convert the input with \"iconv -f UTF-16 -t UTF-8\" (UTF-16LE or UTF-16BE where it has no mark)"

  /// Why no line of a file can be meant as it stands, by its first line that is not empty: the file is UTF-16, or JSON
  /// that goes over several lines. Nil for any other file.
  package static func objection(toFileBeginning line: [UInt8]) -> String? {
    if isUTF16(line) { return "the file is UTF-16: \(iconv)" }
    let content = line[endOfMarks(line, blanksToo: true)...]
    if content.first == UInt8(ascii: "["), isArray(content) { return "the file is a JSON array: \(advice)" }
    if content.first == UInt8(ascii: "{"), content.dropFirst().allSatisfy(isBlank) {
      return "the file has objects that go over several lines: give one object a line, which \"jq -c .\" makes of them"
    }
    return nil
  }

  /// Whether there is the mark of UTF-16, or a NUL in every third byte: half of the bytes of ASCII in UTF-16 are.
  private static func isUTF16(_ line: [UInt8]) -> Bool {
    line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF])
      || line.contains(0) && 3 * line.count(where: { $0 == 0 }) >= line.count
  }

  /// Whether bytes that start with "[" are a JSON array, or begin one of objects: "[ALERT] Bridge out" is a tweet.
  private static func isArray(_ content: ArraySlice<UInt8>) -> Bool {
    let start = content.lazy.filter { !isBlank($0) }.prefix(3)
    if start.count == 1 || Array(start) == Array("[{\"".utf8) || Array(start) == Array("[{}".utf8) { return true }
    return (try? JSONValue(parsing: Array(content))) != nil
  }

  /// Where the byte order marks at the line's start end, or they and blanks.
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

  /// Offset of the first byte that is no part of a well-formed sequence.
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
    /// It is not UTF-8, or has a NUL.
    case encoding
    /// It starts as an object, and is none.
    case json
    /// It is a JSON array.
    case array
  }

  package let kind: Kind
  package let message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
