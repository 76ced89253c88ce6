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
    for found in set.evidence.inText { add(found.normalForm, of: stream, to: &set) }
    var others: [(normal: String, evidence: Double)] = []
    for normal in stream.offered {
      if set.contains(normal) {
        add(normal, of: stream, to: &set)
      } else if let said = stream.hashtag(normal)?.features {
        let evidence = StreamRanking.evidence(
          share: max(said.share, said.recentShare), neighbours: said.neighbourShare, words: said.wordShare,
          together: said.together)
        others.append((normal, evidence))
      }
    }
    // Of equal ones that is taken which the stream offers first.
    let best = others.enumerated().sorted { ($1.element.evidence, $0.offset) < ($0.element.evidence, $1.offset) }
    for (_, other) in best.prefix(Self.maximum) { add(other.normal, of: stream, to: &set) }
  }

  private func add(_ normal: String, of stream: StreamEvidence, to set: inout CandidateSet) {
    guard let display = stream.display(normal) else { return }
    set.add(normal, from: .stream) { candidate in
      if candidate.hashtag == nil { candidate.display = display }
    }
  }
}

/// Features of a hashtag from the stream.
struct StreamMeasures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    guard let stream = evidence.stream else { return }
    let size = CoarseScale.halfOctaves(stream.size)
    for place in candidates.indices { Self.measure(candidates[place].normal, of: stream, size, &candidates[place].features) }
  }

  private static func measure(_ normal: String, of stream: StreamEvidence, _ size: Double, _ features: inout FeatureVector) {
    features[.streamSize] = size
    features[.streamNearest] = stream.nearest
    features[.streamBurst] = stream.burst(normal)
    guard let said = stream.hashtag(normal)?.features else { return }
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
