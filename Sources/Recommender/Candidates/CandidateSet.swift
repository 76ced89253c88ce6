// SPDX-License-Identifier: Apache-2.0

import Text

/// The candidates of a tweet from all sources; each normal form occurs once.
package struct CandidateSet {
  package let evidence: TweetEvidence
  package private(set) var candidates: [Candidate] = []
  private var places: [String: Int] = [:]

  /// Collects the candidates of the sources, in their order.
  init(_ evidence: TweetEvidence, from sources: [any CandidateExtractor] = []) {
    self.evidence = evidence
    for source in sources { source.extract(into: &self) }
  }

  package func contains(_ normal: String) -> Bool { places[normal] != nil }

  /// Adds a candidate, or adds the source to an existing candidate. A normal form without a letter is no hashtag and is ignored.
  ///
  /// - Parameter note: sets the features that the source measures.
  package mutating func add(_ normal: String, from source: Candidate.Source, _ note: (inout Candidate) -> Void) {
    guard let place = places[normal] ?? (HashtagNormalForm.isHashtag(normal) ? append(normal) : nil) else { return }
    candidates[place].foundBy.insert(source)
    note(&candidates[place])
  }

  private mutating func append(_ normal: String) -> Int {
    let hashtag = evidence.hashtag(normal)
    places[normal] = candidates.count
    candidates.append(Candidate(normal: normal, hashtag: hashtag, display: hashtag.map(evidence.index.display) ?? normal))
    return candidates.count - 1
  }

  /// Measures the features that do not depend on the source. Call it after the last `add`.
  mutating func measure(by extractors: [any FeatureExtractor]) {
    for extractor in extractors { extractor.measure(&candidates, of: evidence) }
  }
}
