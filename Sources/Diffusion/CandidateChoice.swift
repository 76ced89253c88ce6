// SPDX-License-Identifier: Apache-2.0
/// What is taken of several sequences that were drawn from different noise.
package enum CandidateChoice: String, CaseIterable, Sendable {
  /// The hashtags of all of them, sequence by sequence.
  case all
  /// The first sequence alone.
  case first
  /// Minimum Bayes risk: the sequence that is most like the others (Kumar and Byrne, 2004), by BLEU, as the reference
  /// implementation chooses over its seeds.
  case mbr
  /// Every hashtag once, by how many sequences have it.
  case votes
}

extension CandidateChoice {
  /// The index of the sequence with the highest sum of BLEU against the others, the first of equal ones; 0 for none.
  /// Complexity: the square of their number.
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

  /// The hashtags of several sequences, each once: most sequences first, then the smaller mean place in them, then in order
  /// of their first sequence. A hashtag counts once a sequence.
  ///
  /// - Returns: the hashtag, how many sequences have it, and where it came first.
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
      // Means of equally many places: their sums.
      if a.2.places != b.2.places { return a.2.places < b.2.places }
      return a.0 < b.0
    }.map { ($0.1, $0.2.count, $0.2.sequence, $0.2.position) }
  }
}

/// How often a hashtag was voted for.
private struct Ballot {
  var count = 0
  /// Sum of its places in the sequences that have it.
  var places = 0
  /// Where it came first.
  let sequence, position: Int

  init(sequence: Int, position: Int) {
    self.sequence = sequence
    self.position = position
  }
}
