// SPDX-License-Identifier: Apache-2.0
/// Makes text safe to print: nothing in it ends a line, moves a cursor, changes the writing direction, or is invisible.
///
/// Messages, tables and answers pass through here last, because files and input lines put text into them. Unsafe characters
/// become JSON escapes: `\n`, `\u001b`.
package enum PrintableText {
  /// The text as part of one line. O(length).
  package static func line(_ text: String) -> String { escaped(text, keepsBlanks: true) }

  /// The text as one word or one column of a line: blanks are escaped, too.
  package static func word(_ text: String) -> String { escaped(text, keepsBlanks: false) }

  /// Whether a scalar is visible after `previous`.
  ///
  /// Joiners and variation selectors are allowed after a visible character, as emoji and Persian need them.
  package static func shows(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: true
    case 0x200C, 0x200D, 0xFE00...0xFE0F, 0xE0100...0xE01EF:
      !isHidden(previous.value) && !isBlank(previous.value) && !isJoiner(previous.value)
    default: !isHidden(scalar.value)
    }
  }

  /// Appends the JSON escape of a scalar: a surrogate pair beyond U+FFFF.
  package static func appendEscape(_ scalar: Unicode.Scalar, to output: inout String) {
    switch scalar {
    case "\n": output += "\\n"
    case "\r": output += "\\r"
    case "\t": output += "\\t"
    default:
      for unit in scalar.utf16 {
        let digits = String(unit, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }

  private static func escaped(_ text: String, keepsBlanks: Bool) -> String {
    if text.utf8.allSatisfy({ $0 < 0x7F && ($0 > 0x20 || $0 == 0x20 && keepsBlanks) }) { return text }
    var output = ""
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if shows(scalar, after: previous), keepsBlanks || !isBlank(scalar.value) {
        output.unicodeScalars.append(scalar)
      } else {
        appendEscape(scalar, to: &output)
      }
      previous = scalar
    }
    return output
  }

  private static func isJoiner(_ value: UInt32) -> Bool {
    value == 0x200C || value == 0x200D || (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value)
  }

  private static func isBlank(_ value: UInt32) -> Bool {
    switch value {
    case 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// Control characters, line separators, direction marks, zero-width characters and noncharacters.
  private static func isHidden(_ value: UInt32) -> Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B, 0x200E,
      0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFDD0...0xFDEF, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB,
      0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE00FF, 0xE01F0...0xE0FFF:
      true
    default: value & 0xFFFE == 0xFFFE
    }
  }
}
