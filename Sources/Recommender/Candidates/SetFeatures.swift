// SPDX-License-Identifier: Apache-2.0
/// Features that compare a candidate with the other candidates, and its length.
struct SetFeatures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    let total = candidates.reduce(0) { $0 + $1.features[.similaritySum] }
    let normals = candidates.map { Array($0.normal.utf8) }
    for place in candidates.indices {
      candidates[place].features[.nearestSimilarity] = evidence.nearestSimilarity
      candidates[place].features[.length] = Double(candidates[place].normal.unicodeScalars.count)
      candidates[place].features[.pieces] = Double(evidence.encoders?.pieces(of: candidates[place].normal) ?? 0)
      if total > 0 {
        candidates[place].features[.similarityShare] = candidates[place].features[.similaritySum] / total
      }
      let isPart = normals.contains { $0.count > normals[place].count && Self.contains($0, normals[place]) }
      candidates[place].features[.partOfLonger] = isPart ? 1 : 0
    }
  }

  /// Whether the bytes occur in a longer string. Complexity: O(long × short).
  private static func contains(_ long: [UInt8], _ short: [UInt8]) -> Bool {
    (0...(long.count - short.count)).contains { long[$0..<$0 + short.count].elementsEqual(short) }
  }
}
