// SPDX-License-Identifier: Apache-2.0
/// The search terms of a tweet (BM25, and the words that the stream counts): the runs of word characters in a tweet normal form
/// (``WordRun``), in the form in which words are compared (``WordForm``).
///
/// "@user" gives "user", "don't" gives "don" and "t". There is no stemming and no list of stop words, because the idf of a word that
/// occurs everywhere is close to zero. Where a script puts no spaces between words (``UnspacedScripts``), each two adjacent scalars are
/// a term, as in Lucene's CJK analyser, and a scalar that stands alone is one: "東京で地震" gives "東京", "京で", "で地" and "地震".
package enum TweetWords {
  /// The terms in order, repetitions included. Linear.
  package static func find(in text: String) -> [String] {
    var terms: [String] = []
    for run in WordRun.find(in: text) {
      let form = WordForm.of(run.text)
      if form.isEmpty { continue }
      if run.isUnspaced {
        appendPairs(of: UnspacedWord(form), to: &terms)
      } else {
        terms.append(String(decoding: form, as: UTF8.self))
      }
    }
    return terms
  }

  /// Whether most of the runs of word characters are in scripts without spaces between words. Linear.
  package static func areUnspaced(_ text: String) -> Bool {
    // All these scripts have three bytes or more in UTF-8.
    guard text.utf8.contains(where: { $0 >= 0xE0 }) else { return false }
    let runs = WordRun.find(in: text)
    return 2 * runs.count { $0.isUnspaced } > runs.count
  }

  private static func appendPairs(of word: UnspacedWord, to terms: inout [String]) {
    var place = 0
    while place < word.count {
      let end = word.endOfStretch(from: place)
      if !word.isUnspaced(place) || end - place == 1 {
        terms.append(word.text(place..<end))
      } else {
        for first in place..<end - 1 { terms.append(word.text(first..<first + 2)) }
      }
      place = end
    }
  }
}
