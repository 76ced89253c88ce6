// SPDX-License-Identifier: Apache-2.0
/// The search terms of a tweet (BM25): the lower-cased runs of word characters in a tweet normal form.
///
/// A word character is in [0-9A-Za-z_] or a Unicode letter, mark or number. Each scalar is lower-cased separately, by Unicode's
/// full mapping. "@user" gives "user", "don't" gives "don" and "t". There is no stemming and no list of stop words, because
/// the idf of a word that occurs everywhere is close to zero.
package enum TweetWords {
  /// The words in order, repetitions included. Linear.
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
