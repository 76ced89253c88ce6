// SPDX-License-Identifier: Apache-2.0
/// Hashtags that the selector finds likely, whether a retrieved tweet carries them or not.
struct SelectedCandidates: CandidateExtractor {
  /// Hashtags that the selector proposes.
  static let maximum = 10

  func extract(into set: inout CandidateSet) {
    for (rank, hashtag) in (set.evidence.likelihood?.best ?? []).enumerated() {
      set.add(set.evidence.index.normal(hashtag), from: .selected) { $0.features[.likelihoodRank] = Double(rank) }
    }
  }
}
