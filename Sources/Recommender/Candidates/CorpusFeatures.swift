// SPDX-License-Identifier: Apache-2.0

import Ranking

/// Features from the corpus and the selector, for hashtags that the index has.
struct CorpusFeatures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    let (index, statistics) = (evidence.index, evidence.statistics)
    for place in candidates.indices {
      guard let hashtag = candidates[place].hashtag else { continue }
      let isInText = candidates[place].features[.inText] == 1
      let (mentions, tagged) = statistics.mentions(hashtag, isInQuery: isInText)
      candidates[place].features[.frequency] = CoarseScale.halfOctaves(statistics.frequency(hashtag))
      candidates[place].features[.selector] = evidence.selector.map { Double(index.relevance(hashtag, $0)) } ?? 0
      candidates[place].features[.likelihood] = evidence.likelihood?.probability(hashtag) ?? 0
      candidates[place].features[.mentions] = CoarseScale.halfOctaves(mentions)
      candidates[place].features[.taggedRate] = CoarseScale.thirtySeconds((Double(tagged) + 1) / (Double(mentions) + 5))
    }
  }
}
