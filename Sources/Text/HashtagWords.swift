// SPDX-License-Identifier: Apache-2.0
/// The words of a hashtag, as far as its spelling shows them.
package enum HashtagWords {
  /// The most scalars of a hashtag that is cut; a longer one is one word.
  private static let longest = 200

  /// The words in normal form, in order. Linear.
  ///
  /// A space or '_' divides words, and so do a capital behind a small letter or before one ("NYCFlood"), and the change between
  /// letters and digits. Each scalar of a script without spaces is a word. A hashtag whose normal form is not that of its parts, one
  /// after the other, is one word.
  ///
  ///     HashtagWords.of("KeralaFloods2018")  // ["kerala", "floods", "2018"]
  package static func of(_ spelling: String) -> [String] {
    let whole = HashtagNormalForm.normalize(spelling)
    let scalars = Array(spelling.unicodeScalars)
    guard scalars.count <= longest else { return [whole] }
    var words: [String] = []
    var start = 0
    for end in 1..<max(1, scalars.count + 1) where end == scalars.count || isCut(end, scalars) {
      let part = String(String.UnicodeScalarView(scalars[start..<end].filter { $0 != "_" }))
      let word = HashtagNormalForm.normalize(part)
      if !word.isEmpty { words.append(word) }
      start = end
    }
    return words.joined() == whole.replacing("_", with: "") ? words : [whole]
  }

  /// Whether a word ends before the scalar at `place`.
  private static func isCut(_ place: Int, _ scalars: [Unicode.Scalar]) -> Bool {
    let (before, after) = (Kind(scalars[place - 1]), Kind(scalars[place]))
    switch (before, after) {
    case (_, .mark): return false
    case (.gap, _), (_, .gap), (.unspaced, _), (_, .unspaced): return true
    case (.small, .capital): return true
    case (.capital, .capital): return place + 1 < scalars.count && Kind(scalars[place + 1]) == .small
    default: return (before == .digit) != (after == .digit)
    }
  }

  private enum Kind {
    case gap, digit, capital, small, unspaced, mark

    init(_ scalar: Unicode.Scalar) {
      let categories = ScalarCategories.shared
      if scalar == "_" || ScalarCategories.isSpace(scalar.value) {
        self = .gap
      } else if UnspacedScripts.contain(scalar.value), categories.isLetterOrNumber(scalar.value) {
        self = .unspaced
      } else if categories.isDigit(scalar.value) {
        self = .digit
      } else if !categories.isLetterOrNumber(scalar.value) {
        self = .mark
      } else {
        self = scalar.properties.isUppercase ? .capital : .small
      }
    }
  }
}
