// SPDX-License-Identifier: Apache-2.0
/// The hashtags of the retrieved tweets.
struct RetrievedCandidates: CandidateExtractor {
  func extract(into set: inout CandidateSet) {
    let ranked = set.evidence.retrieved.sorted { a, b in
      a.fourthPowerSum != b.fourthPowerSum ? a.fourthPowerSum > b.fourthPowerSum : a.hashtag < b.hashtag
    }
    for (rank, found) in ranked.enumerated() {
      set.add(set.evidence.index.normal(found.hashtag), from: .retrieved) { candidate in
        candidate.features[.similaritySum] = found.fourthPowerSum
        candidate.features[.similarityMean] = found.meanSimilarity
        candidate.features[.similarityMax] = found.largestSimilarity
        candidate.features[.retrievedCount] = Double(found.count)
        candidate.features[.retrievedRank] = Double(rank)
        candidate.features[.nearestRank] = Double(found.nearestRank)
        candidate.features[.rightScore] = found.rightScore
      }
    }
  }
}
