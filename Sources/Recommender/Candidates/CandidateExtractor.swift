// SPDX-License-Identifier: Apache-2.0
/// A source of candidates. Another one is a file like ``TypedCandidates``, a case of ``Candidate/Source``, and a line in
/// ``CandidateSources``. Sources that change while the program runs are values that a recommender is opened with.
package protocol CandidateExtractor: Sendable {
  /// Adds the candidates that it finds in the set's evidence, each with the features that this source alone knows.
  func extract(into set: inout CandidateSet)
}

/// Measures features that do not depend on a candidate's source.
package protocol FeatureExtractor: Sendable {
  /// - Parameter candidates: all of the tweet, in the order in which they were found.
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence)
}

/// What candidates come from and are measured by.
package struct CandidateSources: Sendable {
  /// The sources that need no generator. Their order is that of equally good candidates, and of two sources that spell a
  /// candidate the later one counts.
  package var beforeGenerator: [any CandidateExtractor] = [
    RetrievedCandidates(), SelectedCandidates(), StreamCandidates(), TextCandidates(), TypedCandidates(),
  ]

  /// Those of a tweet without text.
  package var withoutText: [any CandidateExtractor] = [TypedCandidates()]

  package var features: [any FeatureExtractor] = [CorpusFeatures(), StreamMeasures(), SetFeatures()]

  package init() {}
}
