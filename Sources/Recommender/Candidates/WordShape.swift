// SPDX-License-Identifier: Apache-2.0
/// The capitalisation of a word in a tweet.
struct WordShape {
  /// The letters, digits and underscores of the word, unchanged.
  let letters: String
  /// Whether the first of `letters` is a capital.
  let beginsCapital: Bool
  /// Whether the word has two or more cased letters and all are capitals.
  let isCapitals: Bool
  /// Whether a capital follows a small letter, as in "CampFire", which is probably a hashtag.
  let hasInnerCapital: Bool
  /// Whether the word may be a name: it has a letter and is not an @name.
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
