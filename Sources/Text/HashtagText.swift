// SPDX-License-Identifier: Apache-2.0
/// A hashtag given outside a tweet: in a corpus row, a list or a file.
///
/// It may have the same characters as a hashtag in a tweet: visible letters, marks, digits and '_', and joiners between these.
package enum HashtagText {
  /// Reads a hashtag: drops the blanks and hash signs before it, and everything from the first character that a hashtag cannot
  /// have. Nil if nothing remains. Linear.
  ///
  ///     HashtagText.cut("#River\ntown")  // "River"
  package static func cut(_ text: String) -> String? {
    if isWhole(text) { return text }
    let scalars = text.unicodeScalars.map(\.value).drop { isSign($0) || ScalarCategories.isSpace($0) || $0 == 0xFEFF }
    let end = end(of: Array(scalars), from: 0)
    return end == 0 ? nil : string(scalars.prefix(end))
  }

  /// The most words of a phrase.
  private static let mostWords = 10

  /// Reads a hashtag that may be given as several words with single spaces between them. Where the words are no hashtag together, it
  /// reads the first, as `cut` does. Linear.
  ///
  ///     HashtagText.cutPhrase("#River town")   // "River town"
  ///     HashtagText.cutPhrase("River (town)")  // "River"
  package static func cutPhrase(_ text: String) -> String? {
    let phrase = String(String.UnicodeScalarView(text.unicodeScalars.drop { isSign($0.value) || $0 == " " }))
    let words = phrase.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count > 1, words.count <= mostWords, words.allSatisfy({ isWhole(String($0)) }) else { return cut(text) }
    return phrase
  }

  /// Whether `text` has only characters that a hashtag can have, and at least one. Linear.
  package static func isWhole(_ text: String) -> Bool {
    let scalars = text.unicodeScalars.map(\.value)
    return !scalars.isEmpty && end(of: scalars, from: 0) == scalars.count
  }

  /// Where the hashtag ends whose first scalar stands at `start`: behind the last character that a hashtag can have. A joiner counts
  /// if such characters stand before and after it.
  static func end(of scalars: [UInt32], from start: Int, to limit: Int? = nil) -> Int {
    let categories = ScalarCategories.shared
    let limit = limit ?? scalars.count
    var end = start
    var position = start
    while position < limit {
      if categories.isHashtag(scalars[position]) {
        end = position + 1
      } else if position == start || !ScalarCategories.isJoiner(scalars[position]) {
        break
      }
      position += 1
    }
    return end
  }

  static func string(_ scalars: some Sequence<UInt32>) -> String {
    var bytes: [UInt8] = []
    for scalar in scalars { UTF8Bytes.append(scalar, to: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether `scalar` is a hash sign or its full-width form.
  @inline(__always)
  package static func isSign(_ scalar: UInt32) -> Bool { scalar == 0x23 || scalar == 0xFF03 }
}
