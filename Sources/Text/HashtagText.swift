// SPDX-License-Identifier: Apache-2.0
/// A hashtag that is given by itself: in a corpus row, in a list, in a file.
///
/// What characters it may have is the rule of hashtags in a tweet: letters, marks, numbers and '_', and nothing that is not
/// seen.
package enum HashtagText {
  /// What a hashtag is read as: without the blanks and hash signs before it, and up to the first character that no hashtag
  /// has. Nil where nothing is left. O(its length).
  ///
  ///     HashtagText.cut("#River\ntown")  // "River"
  package static func cut(_ text: String) -> String? {
    if isWhole(text) { return text }
    let start = text.unicodeScalars.drop { isSign($0.value) || ScalarCategories.isSpace($0.value) || $0 == "\u{FEFF}" }
    let tag = start.prefix { ScalarCategories.shared.isHashtag($0.value) }
    return tag.isEmpty ? nil : String(tag)
  }

  /// Whether it has characters that a hashtag has, and no others. O(its length).
  package static func isWhole(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy { ScalarCategories.shared.isHashtag($0.value) }
  }

  /// A hash sign, or its full-width form.
  @inline(__always)
  package static func isSign(_ scalar: UInt32) -> Bool { scalar == 0x23 || scalar == 0xFF03 }
}
