// SPDX-License-Identifier: Apache-2.0
/// The hashtags that the selector finds likely, whether or not a retrieved tweet carries them.
struct SelectedCandidates: CandidateExtractor {
  /// The number of hashtags that the selector proposes.
  static let maximum = 10

  func extract(into set: inout CandidateSet) {
    for (rank, hashtag) in (set.evidence.likelihood?.best ?? []).enumerated() {
      set.add(set.evidence.index.normal(hashtag), from: .selected) { $0.features[.likelihoodRank] = Double(rank) }
    }
  }
}
