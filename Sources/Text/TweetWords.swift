// SPDX-License-Identifier: Apache-2.0
/// The search terms of a tweet (BM25, and the words that the stream counts): the lower-cased runs of word characters in a tweet
/// normal form (``WordRun``).
///
/// Each scalar is lower-cased separately, by Unicode's full mapping. "@user" gives "user", "don't" gives "don" and "t". There is no
/// stemming and no list of stop words, because the idf of a word that occurs everywhere is close to zero.
package enum TweetWords {
  /// The terms in order, repetitions included. Linear.
  package static func find(in text: String) -> [String] { WordRun.find(in: text).map { lowercased($0.text) } }

  private static func lowercased(_ run: Substring) -> String {
    var word = String.UnicodeScalarView()
    for scalar in run.unicodeScalars {
      if scalar.isASCII {
        word.append(scalar.value >= 0x41 && scalar.value <= 0x5A ? Unicode.Scalar(scalar.value | 0x20) ?? scalar : scalar)
      } else {
        word.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(word)
  }
}
