// SPDX-License-Identifier: Apache-2.0

import Text

/// The capitalisation of a word in a tweet.
struct WordShape {
  /// Whether its first letter is a capital.
  let beginsCapital: Bool
  /// Whether the word has two or more cased letters and all are capitals.
  let isCapitals: Bool
  /// Whether a capital follows a small letter, as in "CampFire", which is probably a hashtag.
  let hasInnerCapital: Bool

  init(_ word: TweetWord) {
    var (small, capitals, isAfterSmall, hasInner) = (0, 0, false, false)
    for scalar in word.letters.unicodeScalars {
      let isCapital = Self.isCapital(scalar)
      if isCapital, isAfterSmall { hasInner = true }
      isAfterSmall = !isCapital && Self.isSmall(scalar)
      if isCapital { capitals += 1 } else if isAfterSmall { small += 1 }
    }
    beginsCapital = word.letters.unicodeScalars.first.map(Self.isCapital) ?? false
    isCapitals = small == 0 && capitals > 1
    hasInnerCapital = hasInner
  }

  private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? (0x41...0x5A).contains(scalar.value) : scalar.properties.isUppercase
  }

  private static func isSmall(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? (0x61...0x7A).contains(scalar.value) : scalar.properties.isLowercase
  }
}
