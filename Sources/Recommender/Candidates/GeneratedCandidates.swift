// SPDX-License-Identifier: Apache-2.0

import Generation

/// The hashtags that the generator wrote.
struct GeneratedCandidates: CandidateExtractor {
  /// In writing order, sequence by sequence.
  let hashtags: [GeneratedHashtag]

  func extract(into set: inout CandidateSet) {
    for (written, found) in hashtags.enumerated() {
      set.add(found.normal, from: .generated) { candidate in
        // Only the first occurrence of a hashtag counts.
        guard candidate.features[.generated] == 0 else { return }
        candidate.writtenPlace = written
        candidate.features[.generated] = 1
        candidate.features[.generatedPosition] = Double(found.position)
        candidate.features[.generatedMean] = found.meanProbability
        candidate.features[.generatedMinimum] = found.leastProbability
      }
    }
  }
}
