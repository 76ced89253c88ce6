// SPDX-License-Identifier: Apache-2.0
/// The Unicode general categories that the normal forms need: letters, marks and numbers.
struct ScalarCategories: Sendable {
  private let table = ScalarTable(packed: UnicodeTables.categories)

  static let shared = ScalarCategories()

  /// Whether `scalar` is in [0-9A-Za-z_] or a Unicode letter, mark or number.
  @inline(__always)
  func isWord(_ scalar: UInt32) -> Bool { table[scalar] & 1 != 0 || scalar == 0x5F }

  /// Whether `scalar` is a letter, mark or decimal digit that stays in a hashtag's normal form. '_' stays, too, but is none of these.
  @inline(__always)
  func isKept(_ scalar: UInt32) -> Bool { table[scalar] & 16 != 0 }

  /// Whether a hashtag may have `scalar`: '_', or a letter, mark or decimal digit that is visible as part of the word. A variation
  /// selector or enclosing mark belongs to an emoji ("#\u{FE0F}\u{20E3}" is a keycap), and a filler is invisible.
  @inline(__always)
  func isHashtag(_ scalar: UInt32) -> Bool {
    scalar == 0x5F || (isKept(scalar) && (scalar < 0x34F || !Self.isUnseen(scalar)))
  }

  /// Whether `scalar` is '_', or a letter, mark or number that is visible as part of a word.
  @inline(__always)
  func isVisible(_ scalar: UInt32) -> Bool { isHashtag(scalar) || table[scalar] & 12 == 4 }

  /// Whether `scalar` is a letter that can be seen.
  @inline(__always)
  func isLetter(_ scalar: UInt32) -> Bool { table[scalar] & 8 != 0 && (scalar < 0x34F || !Self.isUnseen(scalar)) }

  private static func isUnseen(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x34F, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x3164, 0xFFA0, 0xE0100...0xE01EF: true
    default: false
    }
  }

  /// Whether `scalar` joins the parts of a word inside a hashtag, as in twitter-text: joiners, selectors of letter variants, and
  /// the points and dashes with which some scripts write one word.
  static func isJoiner(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xB7, 0x34F, 0x5BE, 0x5F3...0x5F4, 0xF0B...0xF0C, 0x17B4...0x17B5, 0x180B...0x180F, 0x200C...0x200D, 0x3003, 0x301C,
      0x309B...0x309C, 0x30A0, 0x30FB, 0xA67E, 0xFF5E, 0xE0100...0xE01EF:
      true
    default: false
    }
  }

  /// Whether `scalar` belongs to Chinese, Japanese or Korean writing.
  static func isEastAsian(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3005...0x3007, 0x3041...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0x20000...0x3FFFF:
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
