// SPDX-License-Identifier: Apache-2.0
/// How a word of a tweet is written.
struct WordShape {
  /// Its letters, digits and underscores, as they are written.
  let letters: String
  /// Whether the first of them is a capital.
  let beginsCapital: Bool
  /// Whether there are two or more and all are capitals.
  let isCapitals: Bool
  /// Whether a capital follows a small letter: "CampFire" was a hashtag, or is one.
  let hasInnerCapital: Bool
  /// Whether it could name something: it has a letter and is nobody's @name.
  let isName: Bool

  init(_ word: Substring.UTF8View.SubSequence) {
    let scalars = Substring(word).unicodeScalars
    let kept = scalars.filter { $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
    let cased = kept.filter { $0.properties.isUppercase || $0.properties.isLowercase }
    letters = String(String.UnicodeScalarView(kept))
    beginsCapital = kept.first?.properties.isUppercase ?? false
    isCapitals = cased.count > 1 && cased.allSatisfy { $0.properties.isUppercase }
    hasInnerCapital = zip(kept, kept.dropFirst()).contains { $0.properties.isLowercase && $1.properties.isUppercase }
    isName = scalars.first != "@" && kept.contains { $0.properties.isAlphabetic }
  }
}
