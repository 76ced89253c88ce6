// SPDX-License-Identifier: Apache-2.0
/// A hashtag given outside a tweet: in a corpus row, a list or a file.
///
/// It may have the same characters as a hashtag in a tweet: visible letters, marks, numbers and '_'.
package enum HashtagText {
  /// Reads a hashtag: drops the blanks and hash signs before it, and everything from the first character that a hashtag cannot
  /// have. Nil if nothing remains. Linear.
  ///
  ///     HashtagText.cut("#River\ntown")  // "River"
  package static func cut(_ text: String) -> String? {
    if isWhole(text) { return text }
    let start = text.unicodeScalars.drop { isSign($0.value) || ScalarCategories.isSpace($0.value) || $0 == "\u{FEFF}" }
    let tag = start.prefix { ScalarCategories.shared.isHashtag($0.value) }
    return tag.isEmpty ? nil : String(tag)
  }

  /// Whether `text` has only characters that a hashtag can have, and at least one. Linear.
  package static func isWhole(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy { ScalarCategories.shared.isHashtag($0.value) }
  }

  /// Whether `scalar` is a hash sign or its full-width form.
  @inline(__always)
  package static func isSign(_ scalar: UInt32) -> Bool { scalar == 0x23 || scalar == 0xFF03 }
}
