// SPDX-License-Identifier: Apache-2.0
/// Letters, marks and numbers: the general categories that the tweet normal form asks for.
struct ScalarCategories: Sendable {
  private let table = ScalarTable(packed: UnicodeTables.categories)

  static let shared = ScalarCategories()

  /// [0-9A-Za-z_], or a Unicode letter, mark or number.
  @inline(__always)
  func isWord(_ scalar: UInt32) -> Bool { table[scalar] & 1 != 0 || scalar == 0x5F }

  /// A decimal digit (Nd) of any script.
  @inline(__always)
  func isDigit(_ scalar: UInt32) -> Bool { table[scalar] & 2 != 0 }

  /// A letter or a number, not a mark.
  @inline(__always)
  func isLetterOrNumber(_ scalar: UInt32) -> Bool { table[scalar] & 4 != 0 }

  /// Unicode White_Space, and the control characters, which count as white space in tweets.
  @inline(__always)
  static func isSpace(_ scalar: UInt32) -> Bool {
    if scalar <= 0x20 { return true }
    if scalar < 0x7F { return false }
    switch scalar {
    case 0x7F...0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return true
    default: return false
    }
  }

  /// [A-Za-z0-9_], what user names are made of.
  @inline(__always)
  static func isNameCharacter(_ scalar: UInt32) -> Bool {
    (scalar >= 0x30 && scalar <= 0x39) || scalar == 0x5F
      || (scalar < 0x80 && scalar | 0x20 >= 0x61 && scalar | 0x20 <= 0x7A)
  }
}
