// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// What the stream says of one hashtag at one tweet. All 0 for a hashtag that no live tweet carries.
package struct StreamFeatures: Equatable, Sendable {
  /// Its share of the tweets that taught, decayed with the half-life, and with 3/20 of it.
  package var share = 0.0
  package var recentShare = 0.0
  /// Distinct live tweets that carry it, and their share of all live tweets.
  package var count = 0
  package var totalShare = 0.0
  /// Tweets that have taught since it was first seen.
  package var age = 0
  /// Of the live tweets nearest to this one that carry it: Σ s⁴ of their cosines, the largest cosine, and the share of
  /// Σ s⁴ over all of them.
  package var neighbourSum = 0.0
  package var neighbourMax = 0.0
  package var neighbourShare = 0.0
  /// Its share among the live tweets that have most words in common with this one.
  package var wordShare = 0.0
  /// The largest share, over the tweet's words, of the live tweets with the word that carry it.
  package var together = 0.0
  /// Accounts that wrote its tweets, up to 2.
  package var authors = 0

  package init() {}
}

/// What the stream says of one tweet.
package struct StreamEvidence: Sendable {
  /// Live tweets.
  package let size: Int
  /// The cosine of the nearest one; 0 where there is none.
  package let nearest: Double
  /// Normal forms of the candidates: the hashtags with the highest counts (at least one tweet in a hundred) and those of the live
  /// neighbours. A hashtag of one tweet or one account is no candidate, unless a person approved it.
  package let offered: [String]
  private let stream: LearnedStream
  private let moment: LearnedStream.Moment
  /// What decays of all tweets that taught, as it is at the moment.
  private let total: (slow: Double, fast: Double)
  private let said: [Int: Said]
  private let together: SlotShares
  private let nearbySum: Double
  private let wordRows: Int

  /// What the live tweets near to this one say of a hashtag.
  private struct Said {
    /// Of those nearest by embedding: Σ s⁴ of their cosines, and the largest.
    var sum = 0.0
    var largest = 0.0
    /// How many of those nearest by words carry it.
    var worded = 0

    mutating func add(_ fourth: Double, _ similarity: Double) {
      sum += fourth
      largest = max(largest, similarity)
    }
  }

  /// Live tweets that are compared by embedding, and by words.
  static let neighbours = 15
  /// Hashtags of these that are candidates, of either kind.
  static let offeredNeighbours = 10
  /// Together with a word so often, a hashtag that is counted much is a candidate.
  static let leastTogether = 0.05

  init(_ stream: LearnedStream, at moment: LearnedStream.Moment, _ query: StreamQuery, _ scratch: StreamScratch) {
    self.stream = stream
    self.moment = moment
    size = moment.visible.count
    let total = moment.total.values(at: moment.tick, stream.decay)
    self.total = total
    let (rows, counts) = (stream.rows, stream.counts)
    let words = stream.words.find(
      query.keys, in: moment.visible, count: Self.neighbours, rows, slots: counts.slotCount, scratch)
    var said = [Int: Said](minimumCapacity: 4 * Self.neighbours)
    let together = SlotShares(words.together)
    self.together = together

    let found = query.vector.map { rows.search($0, in: moment.visible, count: Self.neighbours) } ?? []
    nearest = max(0, Double(found.first?.similarity ?? 0))
    var sum = 0.0
    // In the order in which they come, so that of equal ones that of the nearer tweet is offered first.
    var near: [Int] = []
    for neighbour in found {
      let similarity = max(0, Double(neighbour.similarity))
      let fourth = similarity * similarity * similarity * similarity
      sum += fourth
      rows.forEachHashtag(of: neighbour.row) { slot in
        if !near.contains(slot) { near.append(slot) }
        said[slot, default: Said()].add(fourth, similarity)
      }
    }
    nearbySum = sum
    var alike: [Int] = []
    for row in words.nearest {
      rows.forEachHashtag(of: row) { slot in
        if !alike.contains(slot) { alike.append(slot) }
        said[slot, default: Said()].worded += 1
      }
    }
    wordRows = words.nearest.count
    let leaders = moment.leaders.filter { slot in
      near.contains(slot) || alike.contains(slot) || Double(together[slot]) >= Self.leastTogether
        || stream.isCountedMuch(slot, at: moment, of: total)
    }
    near = Self.best(near) { said[$0]?.sum ?? 0 }
    alike = Self.best(alike) { Double(said[$0]?.worded ?? 0) }
    self.said = said
    var seen: [Int] = []
    offered = (leaders + near + alike).compactMap { slot in
      guard !seen.contains(slot) else { return nil }
      seen.append(slot)
      return stream.isOffered(slot, at: moment) ? counts.normal(slot) : nil
    }
  }

  /// Those with the largest values, of equal ones the earlier.
  private static func best(_ slots: [Int], _ value: (Int) -> Double) -> [Int] {
    slots.enumerated().map { (offset: $0, slot: $1, value: value($1)) }
      .sorted { $0.value != $1.value ? $0.value > $1.value : $0.offset < $1.offset }.prefix(offeredNeighbours).map(\.slot)
  }

  /// Whether a live tweet carries a hashtag.
  package func carries(_ normal: String) -> Bool {
    stream.counts.slot(of: normal).map { stream.counts.isCarried($0, in: moment.visible) } ?? false
  }

  /// A hashtag that a live tweet carries: how it is spelled, and what is said of it. Nil for any other.
  package func hashtag(_ normal: String) -> (display: String, features: StreamFeatures)? {
    guard let slot = stream.counts.slot(of: normal) else { return nil }
    let carried = stream.counts.rows(slot, in: moment.visible)
    guard !carried.isEmpty, let state = stream.counts.state(slot, taught: moment.taught) else { return nil }
    var features = StreamFeatures()
    let count = state.count.values(at: moment.tick, stream.decay)
    if total.slow > 0 { features.share = count.slow / total.slow }
    if total.fast > 0 { features.recentShare = count.fast / total.fast }
    features.count = carried.count
    features.totalShare = Double(carried.count) / Double(size)
    features.age = moment.taught - state.firstSeen
    if let said = said[slot] {
      (features.neighbourSum, features.neighbourMax) = (said.sum, said.largest)
      features.neighbourShare = nearbySum > 0 ? said.sum / nearbySum : 0
      if wordRows > 0 { features.wordShare = Double(said.worded) / Double(wordRows) }
    }
    features.together = Double(together[slot])
    features.authors = stream.hasSeveralAuthors(carried) ? 2 : 1
    return (state.display, features)
  }

  /// How much more a word of the tweet is said than before: ln of its share of late over its share before, 0 for a word
  /// that the tweet does not have.
  package func burst(_ word: String) -> Double {
    if moment.bursts.isEmpty { return 0 }
    let key = Lesson.key(of: word)
    return moment.bursts.first { $0.word == key }?.burst ?? 0
  }

  /// Whether a person has denied it: then nothing may offer it.
  package func isDenied(_ normal: String) -> Bool { stream.decisions.denied.contains(normal) }
}

/// A tweet that is asked.
package struct StreamQuery: Sendable {
  /// Its embedding, as the live rows have theirs; nil where there is none.
  package var vector: QuantizedRow?
  package var words: [Lesson.Word]

  package init(vector: QuantizedRow?, words: [Lesson.Word]) {
    self.vector = vector
    self.words = words
  }

  var keys: [UInt32] { Lesson.keys(of: words) }
}

extension LearnedStream {
  /// The stream's evidence for a tweet at its moment. Several threads may call it at once, each with its own scratch memory.
  package func evidence(for query: StreamQuery, at moment: Moment, _ scratch: StreamScratch) -> StreamEvidence {
    StreamEvidence(self, at: moment, query, scratch)
  }

  /// Whether one of a hundred tweets carries a hashtag, of late or with the whole half-life.
  fileprivate func isCountedMuch(_ slot: Int, at moment: Moment, of total: (slow: Double, fast: Double)) -> Bool {
    guard let state = counts.state(slot, taught: moment.taught) else { return false }
    let count = state.count.values(at: moment.tick, decay)
    return 100 * count.slow >= total.slow || 100 * count.fast >= total.fast
  }

  /// Whether a hashtag may be offered where it does not stand in the text: two distinct tweets of two accounts have carried
  /// it, or a person has approved it.
  fileprivate func isOffered(_ slot: Int, at moment: Moment) -> Bool {
    let carried = counts.rows(slot, in: moment.visible)
    if carried.isEmpty { return false }
    if !decisions.approved.isEmpty, let normal = counts.normal(slot), decisions.approved.contains(normal) { return true }
    return carried.count >= 2 && hasSeveralAuthors(carried)
  }
}
