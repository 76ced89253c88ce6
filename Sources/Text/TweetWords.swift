// SPDX-License-Identifier: Apache-2.0
/// The words by which tweets are searched (BM25): the runs of word characters of a tweet normal form, lower-cased.
///
/// A word character is [0-9A-Za-z_] or a Unicode letter, mark or number. Each scalar is lower-cased by itself, by Unicode's
/// full mapping. "@user" gives "user", "don't" gives "don" and "t". No stemming and no stop words: the idf of a word that
/// stands everywhere is near nothing.
package enum TweetWords {
  /// The words in their order, repetitions included. Linear.
  package static func find(in text: String) -> [String] {
    let categories = ScalarCategories.shared
    var words: [String] = []
    var word = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if categories.isWord(scalar.value) {
        if scalar.isASCII {
          word.append(scalar.value >= 0x41 && scalar.value <= 0x5A ? Unicode.Scalar(scalar.value | 0x20) ?? scalar : scalar)
        } else {
          word.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
      } else if !word.isEmpty {
        words.append(String(word))
        word = String.UnicodeScalarView()
      }
    }
    if !word.isEmpty { words.append(String(word)) }
    return words
  }
}
