// SPDX-License-Identifier: Apache-2.0
/// The original bytes of parts of a JSON text, so that an id can be returned exactly as it was given.
///
/// A parsed number has lost its spelling ("1.0", 20 digits), a parsed string its escapes.
///
/// The text must have been parsed successfully. Nothing is checked again.
package struct JSONSource: Sendable {
  private let bytes: ArraySlice<UInt8>

  package init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The bytes of the value of an object's member `key`; nil if there is no such member. O(bytes).
  package func member(_ key: String) -> ArraySlice<UInt8>? {
    parts().first { part in part.key.map { (try? JSONValue(parsing: Array($0))) == .string(key) } ?? false }?.value
  }

  /// The bytes of an array's elements, in order. O(bytes).
  package func elements() -> [ArraySlice<UInt8>] {
    parts().map(\.value)
  }

  /// The members or elements, without the blanks around them.
  private func parts() -> [(key: ArraySlice<UInt8>?, value: ArraySlice<UInt8>)] {
    var parts: [(key: ArraySlice<UInt8>?, value: ArraySlice<UInt8>)] = []
    var depth = 0
    var position = bytes.startIndex
    // The start of the next key or value at the top level: after the bracket, "," or ":".
    var start = position
    var key: ArraySlice<UInt8>?
    while position < bytes.endIndex {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position = endOfString(from: position)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        if depth == 1 { start = position + 1 }
      case UInt8(ascii: ":") where depth == 1:
        (key, start) = (trimmed(start..<position), position + 1)
      case UInt8(ascii: ",") where depth == 1:
        parts.append((key, trimmed(start..<position)))
        (key, start) = (nil, position + 1)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 1 {
          let value = trimmed(start..<position)
          if !value.isEmpty { parts.append((key, value)) }
        }
        depth -= 1
      default: break
      }
      position += 1
    }
    return parts
  }

  /// The position after the closing quote of the string that starts here.
  private func endOfString(from start: Int) -> Int {
    var position = start + 1
    while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return position + 1
  }

  private func trimmed(_ range: Range<Int>) -> ArraySlice<UInt8> {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    let value = bytes[range].drop(while: isSpace)
    return value.prefix(value.lastIndex { !isSpace($0) }.map { $0 - value.startIndex + 1 } ?? 0)
  }
}
