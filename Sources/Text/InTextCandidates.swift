// SPDX-License-Identifier: Apache-2.0
/// A stretch of adjacent words that could be a hashtag.
package struct InTextCandidate: Sendable, Equatable {
  /// The hashtag normal form of the words joined; never empty.
  package var normalForm: String
  /// The places of the words in the text, counted from 0.
  package var words: Range<Int>
}

/// The candidates that stand in a tweet itself: people often write a word first and as a hashtag later.
package enum InTextCandidates {
  /// The joins of 1, 2 … `longest` adjacent words of `text` (a tweet normal form), as hashtag normal forms.
  ///
  /// "Hill Fire" yields "hill", "hillfire" and "fire". A word without a normal form (an emoji, a dash) can stand in the
  /// middle of a join but neither begin nor end one, so no join comes twice from the same letters. In order of the
  /// first word, shorter ones first; the same normal form may come more than once.
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
