// SPDX-License-Identifier: Apache-2.0
/// How an answer is chosen from several sequences, each generated from different noise.
package enum CandidateChoice: String, CaseIterable, Sendable {
  /// The hashtags of all sequences, in order.
  case all
  /// Only the first sequence.
  case first
  /// Minimum Bayes risk (Kumar and Byrne, 2004): the sequence that is most similar to the others by BLEU, as the reference
  /// implementation chooses among its seeds.
  case mbr
  /// Every hashtag once, ordered by the number of sequences that contain it.
  case votes
}

extension CandidateChoice {
  /// The index of the sequence with the highest sum of BLEU against the others, the first among equals; 0 if there is none.
  /// Complexity: quadratic in the number of sequences.
  package static func minimumBayesRisk<Token: Hashable>(_ sequences: [[Token]]) -> Int {
    var best = 0
    var bestSum = -1.0
    for (index, sequence) in sequences.enumerated() {
      var sum = 0.0
      for (other, reference) in sequences.enumerated() where other != index {
        sum += SentenceBLEU.score(sequence, reference: reference)
      }
      if sum > bestSum { (best, bestSum) = (index, sum) }
    }
    return best
  }

  /// The distinct hashtags of several sequences, ordered by the number of sequences that contain them, then by smaller mean
  /// position, then by first occurrence. A hashtag counts once a sequence.
  ///
  /// - Returns: for each hashtag, the number of sequences that contain it, and its first occurrence.
  package static func votes<Hashtag: Hashable>(
    _ sequences: [[Hashtag]]
  ) -> [(hashtag: Hashtag, count: Int, sequence: Int, position: Int)] {
    var ballots: [Hashtag: Ballot] = [:]
    var order: [Hashtag] = []
    for (sequence, hashtags) in sequences.enumerated() {
      var seen: Set<Hashtag> = []
      for (position, hashtag) in hashtags.enumerated() where seen.insert(hashtag).inserted {
        if ballots[hashtag] == nil { order.append(hashtag) }
        var ballot = ballots[hashtag] ?? Ballot(sequence: sequence, position: position)
        ballot.count += 1
        ballot.places += position
        ballots[hashtag] = ballot
      }
    }
    let ranked = order.enumerated().compactMap { place, hashtag in ballots[hashtag].map { (place, hashtag, $0) } }
    return ranked.sorted { a, b in
      if a.2.count != b.2.count { return a.2.count > b.2.count }
      // The number of positions is equal, so sums order like means.
      if a.2.places != b.2.places { return a.2.places < b.2.places }
      return a.0 < b.0
    }.map { ($0.1, $0.2.count, $0.2.sequence, $0.2.position) }
  }
}

/// The votes for one hashtag.
private struct Ballot {
  var count = 0
  /// The sum of its positions in the sequences that contain it.
  var places = 0
  /// Its first occurrence.
  let sequence, position: Int

  init(sequence: Int, position: Int) {
    self.sequence = sequence
    self.position = position
  }
}
