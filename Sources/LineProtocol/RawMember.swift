// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Finds the bytes that a member's value was written in, so that an id can be echoed as it came: a parsed number has
/// lost its spelling ("1.0", 20 digits), a parsed string its escapes.
enum RawMember {
  /// The value's bytes of the member `key` at the top level of `object`, which must already have been parsed as a JSON
  /// object: nothing is checked again. Nil where there is no such member. Complexity: O(bytes).
  static func source(of key: String, in object: [UInt8]) -> [UInt8]? {
    var depth = 0
    var position = 0
    // Where a key or a value may start at the top level: after "{", "," and ":".
    var start = 0
    var isWanted = false
    while position < object.count {
      switch object[position] {
      case UInt8(ascii: "\""):
        position = endOfString(object, from: position)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        if depth == 1 { start = position + 1 }
      case UInt8(ascii: ":") where depth == 1:
        isWanted = (try? JSONValue(parsing: Array(object[start..<position]))) == .string(key)
        start = position + 1
      case UInt8(ascii: ",") where depth == 1:
        if isWanted { return trimmed(object[start..<position]) }
        start = position + 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 1, isWanted { return trimmed(object[start..<position]) }
        depth -= 1
      default: break
      }
      position += 1
    }
    return nil
  }

  /// The position after the closing quote of the string that opens here.
  private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
    var position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return position + 1
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    return Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
