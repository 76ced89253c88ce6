// SPDX-License-Identifier: Apache-2.0
/// The Unicode general categories that the tweet normal form needs: letters, marks and numbers.
struct ScalarCategories: Sendable {
  private let table = ScalarTable(packed: UnicodeTables.categories)

  static let shared = ScalarCategories()

  /// Whether `scalar` is in [0-9A-Za-z_] or a Unicode letter, mark or number.
  @inline(__always)
  func isWord(_ scalar: UInt32) -> Bool { table[scalar] & 1 != 0 || scalar == 0x5F }

  /// Whether a hashtag may have `scalar`: a word character that is visible as part of the word. A variation selector or enclosing
  /// mark belongs to an emoji ("#\u{FE0F}\u{20E3}" is a keycap), and a filler is invisible.
  @inline(__always)
  func isHashtag(_ scalar: UInt32) -> Bool { isWord(scalar) && (scalar < 0x34F || !Self.isUnseen(scalar)) }

  private static func isUnseen(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x34F, 0x488...0x489, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x1ABE, 0x20DD...0x20E0,
      0x20E2...0x20E4, 0x3164, 0xA670...0xA672, 0xFE00...0xFE0F, 0xFFA0, 0xE0100...0xE01EF:
      true
    default: false
    }
  }

  /// Whether `scalar` is a decimal digit (Nd) of any script.
  @inline(__always)
  func isDigit(_ scalar: UInt32) -> Bool { table[scalar] & 2 != 0 }

  /// Whether `scalar` is a letter or a number, not a mark.
  @inline(__always)
  func isLetterOrNumber(_ scalar: UInt32) -> Bool { table[scalar] & 4 != 0 }

  /// Whether `scalar` is Unicode White_Space or a control character, which counts as white space in tweets.
  @inline(__always)
  static func isSpace(_ scalar: UInt32) -> Bool {
    if scalar <= 0x20 { return true }
    if scalar < 0x7F { return false }
    switch scalar {
    case 0x7F...0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return true
    default: return false
    }
  }

  /// Whether `scalar` is in [A-Za-z0-9_], the characters of user names.
  @inline(__always)
  static func isNameCharacter(_ scalar: UInt32) -> Bool {
    (scalar >= 0x30 && scalar <= 0x39) || scalar == 0x5F
      || (scalar < 0x80 && scalar | 0x20 >= 0x61 && scalar | 0x20 <= 0x7A)
  }
}
