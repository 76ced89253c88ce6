// SPDX-License-Identifier: Apache-2.0

import Ranking

/// Features that compare a candidate with the other candidates, and its length.
struct SetFeatures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    let total = candidates.reduce(0) { $0 + $1.features[.similaritySum] }
    let normals = candidates.map { Name($0.normal) }
    for place in candidates.indices {
      let name = normals[place]
      candidates[place].features[.nearestSimilarity] = evidence.nearestSimilarity
      candidates[place].features[.topic] = evidence.topic
      candidates[place].features[.length] = Double(candidates[place].normal.unicodeScalars.count)
      candidates[place].features[.pieces] = Double(evidence.encoders?.pieces(of: candidates[place].normal) ?? 0)
      if total > 0 {
        candidates[place].features[.similarityShare] = candidates[place].features[.similaritySum] / total
      }
      candidates[place].features[.partOfLonger] = normals.contains(where: name.isPart) ? 1 : 0
    }
    for (feature, best) in Self.bests { Self.spread(feature, as: best, over: &candidates) }
  }

  private static let bests: [(feature: Feature, best: Feature)] = [
    (.likelihood, .bestLikelihood), (.selector, .bestSelector), (.rightScore, .bestRight), (.similarityShare, .bestShare),
    (.streamNeighbourShare, .streamBestShare),
  ]

  /// Gives every candidate the largest value of a feature.
  private static func spread(_ feature: Feature, as best: Feature, over candidates: inout [Candidate]) {
    guard let largest = candidates.lazy.map({ $0.features[feature] }).max() else { return }
    for place in candidates.indices { candidates[place].features[best] = largest }
  }

  /// A normal form, and which bytes it has: a part has no byte that the whole lacks, which rules out most pairs at once.
  private struct Name {
    let bytes: [UInt8]
    private let kinds: UInt64

    init(_ normal: String) {
      bytes = Array(normal.utf8)
      kinds = bytes.reduce(0) { $0 | 1 << UInt64($1 & 63) }
    }

    /// Whether it occurs in a longer one. Complexity: O(long × short).
    func isPart(of long: Name) -> Bool {
      guard kinds & ~long.kinds == 0, long.bytes.count > bytes.count else { return false }
      return (0...(long.bytes.count - bytes.count)).contains { long.bytes[$0..<$0 + bytes.count].elementsEqual(bytes) }
    }
  }
}
