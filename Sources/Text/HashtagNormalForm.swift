// SPDX-License-Identifier: Apache-2.0
/// What a scalar contributes to a hashtag's normal form: the low two bits of a table value.
enum HashtagScalarKind {
  /// Nothing, but it separates marks from the letter before it.
  static let other: UInt32 = 0
  /// An ASCII letter, digit or '_', in the remaining bits.
  static let ascii: UInt32 = 1
  /// A combining mark: six bits for its combining class (as a rank), then the number of its composition mask.
  static let combining: UInt32 = 2
  /// Several scalars: `HashtagScalars.expansions` at the index in the remaining bits.
  static let expansion: UInt32 = 3
}

/// The tables for `HashtagNormalForm`, unpacked on first use.
struct HashtagScalars: Sendable {
  let table = ScalarTable(packed: UnicodeTables.hashtag)
  let expansions = PackedNumbers.lists(UnicodeTables.hashtagExpansions)
  let masks = UnicodeTables.compositionMasks
  let dotAbove = UnicodeTables.dotAbove

  static let shared = HashtagScalars()
}

/// The form in which hashtags are compared: Unicode NFKC, lower case, then only [0-9a-z_].
package enum HashtagNormalForm {
  /// The normal form of `tag`; it may be empty.
  ///
  ///     HashtagNormalForm.normalize("#Ｆlood²")  // "flood2"
  ///     HashtagNormalForm.normalize("Café")      // "caf": "é" is one letter and not in [a-z]
  ///
  /// Only ASCII can remain, so full composition is not needed. A letter is lost exactly if a mark after it composes with it.
  /// In canonical order, only the first mark of each combining class can compose with the letter.
  ///
  /// - Complexity: linear.
  package static func normalize(_ tag: String) -> String {
    String(decoding: normalize(Array(tag.utf8)), as: UTF8.self)
  }

  /// The normal form of UTF-8 bytes.
  static func normalize(_ bytes: [UInt8]) -> [UInt8] {
    var letters = LetterCollector()
    letters.result.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      letters.add(UTF8Bytes.next(in: bytes, at: &position))
    }
    letters.finishLetter()
    return letters.result
  }
}

/// Collects the ASCII letters that stay. It holds back each letter until it has seen the marks after it.
private struct LetterCollector {
  var result: [UInt8] = []
  private let scalars = HashtagScalars.shared
  /// The letter that is held back, or 0 for none.
  private var letter: UInt8 = 0
  /// The combining classes seen after the letter, one bit each.
  private var seenClasses: UInt64 = 0
  /// The lowest class whose first mark composes with the letter, or 64 for none.
  private var composingClass: UInt32 = 64
  private var composesToDotted = false

  mutating func add(_ scalar: UInt32) {
    if scalar < 0x80 {
      addASCII(UInt8(truncatingIfNeeded: scalar))
      return
    }
    addValue(scalars.table[scalar])
  }

  mutating func finishLetter() {
    // İ is the only composed letter whose lower case ("i" and a dot) begins with an ASCII letter.
    if letter != 0, composingClass == 64 || composesToDotted {
      result.append(letter >= 0x41 && letter <= 0x5A ? letter | 0x20 : letter)
    }
    letter = 0
    seenClasses = 0
    composingClass = 64
    composesToDotted = false
  }

  private mutating func addASCII(_ byte: UInt8) {
    finishLetter()
    if Self.isKept(byte) { letter = byte }
  }

  private mutating func addValue(_ value: UInt32) {
    switch value & 3 {
    case HashtagScalarKind.other: finishLetter()
    case HashtagScalarKind.ascii: addASCII(UInt8(truncatingIfNeeded: value >> 2))
    case HashtagScalarKind.combining: addMark(value)
    default:
      for part in scalars.expansions[Int(value >> 2)] {
        if part < 0x80 {
          addASCII(UInt8(truncatingIfNeeded: part))
        } else {
          addMark(scalars.table[part])
        }
      }
    }
  }

  private mutating func addMark(_ value: UInt32) {
    let combiningClass = value >> 2 & 63
    guard letter != 0, seenClasses >> UInt64(combiningClass) & 1 == 0 else { return }
    seenClasses |= 1 << UInt64(combiningClass)
    let mask = scalars.masks[Int(value >> 8)]
    guard combiningClass < composingClass, let bit = Self.bit(of: letter), mask >> bit & 1 == 1 else { return }
    composingClass = combiningClass
    composesToDotted = letter == 0x49 && value == scalars.dotAbove
  }

  private static func isKept(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x5F
  }

  private static func bit(of letter: UInt8) -> UInt64? {
    if letter >= 0x41, letter <= 0x5A { return UInt64(letter - 0x41) }
    if letter >= 0x61, letter <= 0x7A { return UInt64(letter - 0x61 + 26) }
    return nil
  }
}
