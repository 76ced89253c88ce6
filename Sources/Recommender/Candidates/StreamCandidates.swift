// SPDX-License-Identifier: Apache-2.0

import Learning
import Ranking
import Text

/// Hashtags of the stream's tweets: the most frequent ones, those of live tweets similar to this one, and those that occur
/// in the text.
struct StreamCandidates: CandidateExtractor {
  func extract(into set: inout CandidateSet) {
    guard let stream = set.evidence.stream, stream.size > 0 else { return }
    for normal in stream.offered { add(normal, of: stream, to: &set) }
    for found in set.evidence.inText {
      add(found.normalForm, of: stream, to: &set)
    }
  }

  private func add(_ normal: String, of stream: StreamEvidence, to set: inout CandidateSet) {
    guard let display = stream.hashtag(normal)?.display else { return }
    set.add(normal, from: .stream) { candidate in
      if candidate.hashtag == nil { candidate.display = display }
    }
  }
}

/// Features of a hashtag from the stream.
struct StreamMeasures: FeatureExtractor {
  func measure(_ candidates: inout [Candidate], of evidence: TweetEvidence) {
    guard let stream = evidence.stream else { return }
    for place in candidates.indices {
      candidates[place].features[.streamSize] = CoarseScale.halfOctaves(stream.size)
      candidates[place].features[.streamNearest] = stream.nearest
      candidates[place].features[.streamBurst] = stream.burst(candidates[place].normal)
      guard let said = stream.hashtag(candidates[place].normal)?.features else { continue }
      candidates[place].features[.streamShare] = said.share
      candidates[place].features[.streamRecentShare] = said.recentShare
      candidates[place].features[.streamDistinct] = CoarseScale.halfOctaves(said.count)
      candidates[place].features[.streamTotalShare] = said.totalShare
      candidates[place].features[.streamAuthors] = Double(said.authors)
      candidates[place].features[.streamAge] = CoarseScale.halfOctaves(said.age)
      candidates[place].features[.streamNeighbourSum] = said.neighbourSum
      candidates[place].features[.streamNeighbourMax] = said.neighbourMax
      candidates[place].features[.streamNeighbourShare] = said.neighbourShare
      candidates[place].features[.streamWordShare] = said.wordShare
      candidates[place].features[.streamTogether] = said.together
    }
  }
}
