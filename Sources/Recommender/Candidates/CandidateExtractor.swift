// SPDX-License-Identifier: Apache-2.0
/// A source of candidates.
///
/// To add a source, write a file like ``TypedCandidates``, a case of ``Candidate/Source`` and a line in
/// ``CandidateSources``. To use a source that changes while the program runs, pass it when you open a recommender.
package protocol CandidateExtractor: Sendable {
  /// Adds the candidates that it finds in the set's evidence, with the features that only this source can measure.
  func extract(into set: inout CandidateSet)
}

/// Measures features that do not depend on the source of a candidate.
package protocol FeatureExtractor: Sendable {
  /// - Parameter candidates: all candidates of the tweet, in the order they were found.
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence)
}

/// The sources and feature extractors of candidates.
package struct CandidateSources: Sendable {
  /// The sources that do not need the generator. Ties between candidates follow this order. If two sources spell a
  /// candidate, the later one sets the spelling.
  package var beforeGenerator: [any CandidateExtractor] = [
    RetrievedCandidates(), SelectedCandidates(), StreamCandidates(), TextCandidates(), ComposedCandidates(), EventCandidates(),
    ConversationCandidates(), TypedCandidates(),
  ]

  /// The sources for a tweet without text.
  package var withoutText: [any CandidateExtractor] = [EventCandidates(), TypedCandidates()]

  package var features: [any FeatureExtractor] = [
    CorpusFeatures(), StreamMeasures(), CoverMeasures(), EventMeasures(), SetFeatures(),
  ]

  package init() {}
}
