// SPDX-License-Identifier: Apache-2.0

import Text

/// How much of a hashtag the tweet's words make up. A hashtag of another disaster has pieces that the tweet does not have.
struct CoverMeasures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    let cover = WordCover(of: evidence.words)
    for place in candidates.indices {
      candidates[place].features[.covered] =
        candidates[place].features[.inText] == 1 ? 1 : cover.share(of: candidates[place].normal)
    }
  }
}
