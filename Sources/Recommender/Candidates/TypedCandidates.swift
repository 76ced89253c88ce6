// SPDX-License-Identifier: Apache-2.0

import Text

/// The hashtags in the tweet, as they are spelled. They also count as words of the text.
struct TypedCandidates: CandidateExtractor {
  /// The maximum number of typed hashtags. It keeps the cost of a line of 64 KiB below a few milliseconds.
  static let maximum = 100

  func extract(into set: inout CandidateSet) {
    for spelling in set.evidence.tweet.hashtags.prefix(Self.maximum) {
      set.add(HashtagNormalForm.normalize(spelling), from: .typed) { candidate in
        candidate.display = spelling
        candidate.features[.typed] = 1
        candidate.features[.inText] = 1
        candidate.features[.wordsJoined] = 1
      }
    }
  }
}
