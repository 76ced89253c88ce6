// SPDX-License-Identifier: Apache-2.0
/// One or more adjacent words of a tweet that could be a hashtag.
package struct InTextCandidate: Sendable, Equatable {
  /// The hashtag normal form of the joined words; never empty.
  package var normalForm: String
  /// The indices of the words, from 0.
  package var words: Range<Int>
  /// Whether only a hashtag that is known may be meant: over a loose link (``TweetWord/Link``), and in a script without spaces.
  package var isLoose: Bool
}

/// Candidates from the tweet's own words: people often write a word first and as a hashtag later.
package enum InTextCandidates {
  /// Joins 1, 2 … `longest` adjacent words to hashtag normal forms.
  ///
  /// "Hill Fire" yields "hill", "hillfire" and "fire"; "Hill, Fire" only "hill" and "fire". Results are ordered by first word, then
  /// by length. A normal form that occurs at several places in the text comes several times.
  ///
  /// Where a script puts no spaces between words, every part of a word that `isKnown` follows the word: "今日東京で地震" yields "東京"
  /// if it is known.
  ///
  /// - Complexity: linear in the text, times `longest` squared. Without spaces, up to 24 questions for each of the first scalars.
  package static func find(
    in words: [TweetWord], longest: Int = 3, isKnown: (String) -> Bool = { _ in false }
  ) -> [InTextCandidate] {
    let normals = words.map { WordForm.of($0.letters) }
    let longest = max(0, min(longest, words.count))
    var result: [InTextCandidate] = []
    var unspacedLeft = mostUnspaced
    result.reserveCapacity(words.count * min(longest, 3))
    for first in words.indices {
      var join: [UInt8] = []
      var isLoose = words[first].isUnspaced
      for last in first..<min(words.count, first + longest) {
        if normals[last].isEmpty { break }
        if last > first {
          if words[last].link == .apart { break }
          isLoose = isLoose || words[last].link == .loose || words[last].isUnspaced
        }
        join += normals[last]
        result.append(
          InTextCandidate(normalForm: String(decoding: join, as: UTF8.self), words: first..<last + 1, isLoose: isLoose))
      }
      guard longest > 0, words[first].isUnspaced, unspacedLeft > 0 else { continue }
      let word = UnspacedWord(normals[first])
      for part in word.parts(limit: unspacedLeft, where: isKnown) {
        result.append(InTextCandidate(normalForm: part, words: first..<first + 1, isLoose: true))
      }
      unspacedLeft -= word.count
    }
    return result
  }

  /// The most scalars without spaces where parts may begin: no line costs more than some milliseconds.
  private static let mostUnspaced = 1000

  /// The candidates of a text (a tweet normal form).
  package static func find(in text: String, isKnown: (String) -> Bool = { _ in false }) -> [InTextCandidate] {
    find(in: TweetWord.find(in: text), isKnown: isKnown)
  }
}
