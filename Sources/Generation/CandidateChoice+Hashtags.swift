// SPDX-License-Identifier: Apache-2.0

import Diffusion

extension CandidateChoice {
  /// A generated sequence: its pieces without <s>, <pad> and </s>, and the hashtags that they spell.
  typealias Sequence = (pieces: [Int32], hashtags: [GeneratedHashtag])

  /// The hashtags chosen from several sequences. With votes, a hashtag has the probabilities of its first occurrence.
  func hashtags(of sequences: [Sequence]) -> [GeneratedHashtag] {
    switch self {
    case .all: return sequences.flatMap(\.hashtags)
    case .first: return sequences.first?.hashtags ?? []
    case .mbr:
      return sequences.isEmpty ? [] : sequences[Self.minimumBayesRisk(sequences.map(\.pieces))].hashtags
    case .votes:
      return Self.votes(sequences.map { $0.hashtags.map(\.normal) }).enumerated().map { rank, vote in
        var hashtag = sequences[vote.sequence].hashtags[vote.position]
        hashtag.position = rank
        return hashtag
      }
    }
  }
}
