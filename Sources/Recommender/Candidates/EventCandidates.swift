// SPDX-License-Identifier: Apache-2.0

import Ranking

/// The hashtags that the event card lets expect.
struct EventCandidates: CandidateExtractor {
  func extract(into set: inout CandidateSet) {
    for (place, tag) in (set.evidence.event?.tags ?? []).enumerated() {
      set.add(tag.normal, from: .event) { candidate in
        candidate.features[.event] = 1 / Double(1 + place)
        if candidate.hashtag == nil, candidate.foundBy.isSubset(of: [.event, .composed]) { candidate.display = tag.display }
      }
    }
  }
}

/// How much of a hashtag the words of the event card make up.
struct EventMeasures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    guard let event = evidence.event else { return }
    for place in candidates.indices {
      candidates[place].features[.eventCovered] = event.cover.share(of: candidates[place].normal)
    }
  }
}
