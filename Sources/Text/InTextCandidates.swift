// SPDX-License-Identifier: Apache-2.0
/// One or more adjacent words of a tweet that could be a hashtag.
package struct InTextCandidate: Sendable, Equatable {
  /// The hashtag normal form of the joined words; never empty.
  package var normalForm: String
  /// The indices of the words, from 0.
  package var words: Range<Int>
  /// Whether only a hashtag that is known may be meant; see ``TweetWord/Link/loose``.
  package var isLoose: Bool
}

/// Candidates from the tweet's own words: people often write a word first and as a hashtag later.
package enum InTextCandidates {
  /// Joins 1, 2 … `longest` adjacent words to hashtag normal forms.
  ///
  /// "Hill Fire" yields "hill", "hillfire" and "fire"; "Hill, Fire" only "hill" and "fire". Results are ordered by first word, then
  /// by length. A normal form that occurs at several places in the text comes several times.
  ///
  /// - Complexity: linear in the text, times `longest` squared.
  package static func find(in words: [TweetWord], longest: Int = 3) -> [InTextCandidate] {
    let normals = words.map { HashtagNormalForm.normalize(Array($0.letters.utf8)) }
    let longest = max(0, min(longest, words.count))
    var result: [InTextCandidate] = []
    result.reserveCapacity(words.count * min(longest, 3))
    for first in words.indices {
      var join: [UInt8] = []
      var isLoose = false
      for last in first..<min(words.count, first + longest) {
        if normals[last].isEmpty { break }
        if last > first {
          if words[last].link == .apart { break }
          isLoose = isLoose || words[last].link == .loose
        }
        join += normals[last]
        result.append(
          InTextCandidate(normalForm: String(decoding: join, as: UTF8.self), words: first..<last + 1, isLoose: isLoose))
      }
    }
    return result
  }

  /// The candidates of a text (a tweet normal form).
  package static func find(in text: String) -> [InTextCandidate] { find(in: TweetWord.find(in: text)) }
}
