// SPDX-License-Identifier: Apache-2.0

import Tensors

/// A possible continuation: a running sequence and its next token.
struct Candidate {
  /// Σ log p, the new token included.
  let score: Float
  let beam: Int32
  let token: Int32
  /// The log-probability of the new token.
  let logProbability: Float
}

/// The best `limit` candidates, best first. Among equal scores, the earlier candidate comes first.
struct Candidates {
  private(set) var best: [Candidate] = []
  let limit: Int

  init(limit: Int) {
    self.limit = limit
    best.reserveCapacity(limit + 1)
  }

  mutating func removeAll() { best.removeAll(keepingCapacity: true) }

  /// A candidate enters only with a score above this. Minus infinity and NaN never do.
  var threshold: Float { best.count < limit ? -.infinity : best[limit - 1].score }

  mutating func insert(_ candidate: Candidate) {
    guard candidate.score > threshold else { return }
    let place = best.firstIndex { candidate.score > $0.score } ?? best.count
    best.insert(candidate, at: place)
    if best.count > limit { best.removeLast() }
  }

  /// Adds a candidate for every token of a row of logits [V], for a sequence whose score is `score`. A token's log-probability is
  /// `logit` - `normalizer.largest` - `normalizer.logSum`.
  mutating func insert(
    _ logits: UnsafePointer<Float>, count: Int, normalizer: (largest: Float, logSum: Float), beam: Int, score: Float
  ) {
    var threshold = threshold
    for token in 0..<count {
      let logProbability = (logits[token] - normalizer.largest) - normalizer.logSum
      let total = score + logProbability
      guard total > threshold else { continue }
      insert(
        Candidate(
          score: total, beam: Int32(truncatingIfNeeded: beam), token: Int32(truncatingIfNeeded: token),
          logProbability: logProbability))
      threshold = self.threshold
    }
  }
}

/// Finished sequences, best first, at most as many as there are beams.
struct FinishedSequences {
  struct Entry {
    /// The score after the length penalty.
    let score: Float
    /// The step and, in `candidate`, the trellis slot that the last token continues.
    let step: Int
    let candidate: Candidate
  }

  private(set) var entries: [Entry] = []
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
    entries.reserveCapacity(limit + 1)
  }

  var isFull: Bool { entries.count == limit }
  var worst: Float { entries.last?.score ?? -.infinity }

  mutating func insert(_ entry: Entry) {
    let place = entries.firstIndex { entry.score > $0.score } ?? entries.count
    entries.insert(entry, at: place)
    if entries.count > limit { entries.removeLast() }
  }
}
