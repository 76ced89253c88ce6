// SPDX-License-Identifier: Apache-2.0

import Learning
import Ranking
import Text

/// Hashtags of the stream's tweets: the most frequent ones, those of live tweets similar to this one, and those that occur
/// in the text.
///
/// Of those that neither the index nor the text has brought, the twelve for which the stream says most are taken, by
/// ``StreamRanking``: every candidate costs the ranking. On streams of multi_dev's twelve disasters the others are 0.4 % of all
/// right candidates.
struct StreamCandidates: CandidateExtractor {
  /// Candidates that no other source has brought.
  static let maximum = 12

  func extract(into set: inout CandidateSet) {
    guard let stream = set.evidence.stream, stream.size > 0 else { return }
    for found in set.evidence.inText {
      if let said = stream.hashtag(found.normalForm) { add(found.normalForm, said, to: &set) }
    }
    var others: [(normal: String, said: Said, evidence: Double)] = []
    for normal in stream.offered {
      guard let said = stream.hashtag(normal) else { continue }
      if set.contains(normal) {
        add(normal, said, to: &set)
      } else {
        let features = said.features
        let evidence = StreamRanking.evidence(
          share: max(features.share, features.recentShare), neighbours: features.neighbourShare, words: features.wordShare,
          together: features.together)
        others.append((normal, said, evidence))
      }
    }
    // Of equal ones that is taken which the stream offers first.
    let best = others.enumerated().sorted { ($1.element.evidence, $0.offset) < ($0.element.evidence, $1.offset) }
    for (_, other) in best.prefix(Self.maximum) { add(other.normal, other.said, to: &set) }
  }

  private typealias Said = (display: String, features: StreamFeatures)

  private func add(_ normal: String, _ said: Said, to set: inout CandidateSet) {
    set.add(normal, from: .stream) { candidate in
      if candidate.hashtag == nil { candidate.display = said.display }
      StreamMeasures.note(said.features, in: &candidate.features)
    }
  }
}

/// Features of a hashtag from the stream.
struct StreamMeasures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    guard let stream = evidence.stream else { return }
    let size = CoarseScale.halfOctaves(stream.size)
    for place in candidates.indices {
      let normal = candidates[place].normal
      candidates[place].features[.streamSize] = size
      candidates[place].features[.streamNearest] = stream.nearest
      candidates[place].features[.streamBurst] = stream.burst(normal)
      // The stream's own candidates are measured where they are found.
      guard !candidates[place].foundBy.contains(.stream), let said = stream.hashtag(normal) else { continue }
      Self.note(said.features, in: &candidates[place].features)
    }
  }

  fileprivate static func note(_ said: StreamFeatures, in features: inout FeatureVector) {
    features[.streamShare] = said.share
    features[.streamRecentShare] = said.recentShare
    features[.streamDistinct] = CoarseScale.halfOctaves(said.count)
    features[.streamTotalShare] = said.totalShare
    features[.streamAuthors] = Double(said.authors)
    features[.streamAge] = CoarseScale.halfOctaves(said.age)
    features[.streamNeighbourSum] = said.neighbourSum
    features[.streamNeighbourMax] = said.neighbourMax
    features[.streamNeighbourShare] = said.neighbourShare
    features[.streamWordShare] = said.wordShare
    features[.streamTogether] = said.together
  }
}
