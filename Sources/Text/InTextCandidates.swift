// SPDX-License-Identifier: Apache-2.0
/// One or more adjacent words of a tweet that could be a hashtag.
package struct InTextCandidate: Sendable, Equatable {
  /// The hashtag normal form of the joined words; never empty.
  package var normalForm: String
  /// The indices of the words in the text, from 0.
  package var words: Range<Int>
}

/// Candidates from the tweet's own words: people often write a word first and as a hashtag later.
package enum InTextCandidates {
  /// Joins 1, 2 … `longest` adjacent words of `text` (a tweet normal form) to hashtag normal forms.
  ///
  /// "Hill Fire" yields "hill", "hillfire" and "fire". A word without a normal form (an emoji, a dash) can stand inside a
  /// join, but not at its ends, so the same letters never yield a join twice. Results are ordered by first word, then by
  /// length. A normal form that occurs at several places in the text comes several times.
  ///
  /// - Complexity: linear in the text, times `longest` squared.
  package static func find(in text: String, longest: Int = 3) -> [InTextCandidate] {
    let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: true)
      .map { HashtagNormalForm.normalize(Array($0)) }
    let longest = max(0, min(longest, words.count))
    var result: [InTextCandidate] = []
    result.reserveCapacity(words.count * min(longest, 3))
    for first in words.indices where !words[first].isEmpty {
      var join: [UInt8] = []
      for last in first..<min(words.count, first + longest) where !words[last].isEmpty {
        join += words[last]
        result.append(InTextCandidate(normalForm: String(decoding: join, as: UTF8.self), words: first..<last + 1))
      }
    }
    return result
  }
}
