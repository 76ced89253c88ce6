// SPDX-License-Identifier: Apache-2.0

import Generation

/// Hashtags that the generator wrote.
struct GeneratedCandidates: CandidateExtractor {
  /// In the order written, sequence by sequence.
  let hashtags: [GeneratedHashtag]

  func extract(into set: inout CandidateSet) {
    for (written, found) in hashtags.enumerated() {
      set.add(found.normal, from: .generated) { candidate in
        // The first time it was written counts.
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
