// SPDX-License-Identifier: Apache-2.0

import Text

/// Hashtags that were typed in the line, as they were spelled. They count as standing in the text, which they did.
struct TypedCandidates: CandidateExtractor {
  /// A line may hold 64 KiB, a tweet does not: more are no candidates, so that no line costs more than a few milliseconds here.
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
