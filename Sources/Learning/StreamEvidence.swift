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
  private let nearby: [Int: (sum: Double, largest: Double)]
  private let nearbySum: Double
  private let wordCounts: [Int: Int]
  private let wordRows: Int
  private let together: [Int: Double]

  /// Live tweets that are compared by embedding, and by words.
  static let neighbours = 15
  /// Hashtags of these that are candidates, of either kind.
  static let offeredNeighbours = 10

  init(_ stream: LearnedStream, at moment: LearnedStream.Moment, _ query: StreamQuery, _ scratch: StreamScratch) {
    self.stream = stream
    self.moment = moment
    size = moment.visible.count
    let (rows, counts) = (stream.rows, stream.counts)
    let found = query.vector.map { rows.search($0, in: moment.visible, count: Self.neighbours) } ?? []
    nearest = max(0, Double(found.first?.similarity ?? 0))
    var nearby: [Int: (sum: Double, largest: Double)] = [:]
    var sum = 0.0
    var order: [Int] = []
    for neighbour in found {
      let similarity = max(0, Double(neighbour.similarity))
      let fourth = similarity * similarity * similarity * similarity
      sum += fourth
      let (segment, place) = rows.place(of: neighbour.row)
      for slot in segment.hashtags(place) {
        if nearby[Int(slot)] == nil { order.append(Int(slot)) }
        let old = nearby[Int(slot)] ?? (0, 0)
        nearby[Int(slot)] = (old.sum + fourth, max(old.largest, similarity))
      }
    }
    (self.nearby, nearbySum) = (nearby, sum)
    let words = stream.words.find(
      query.keys, in: moment.visible, count: Self.neighbours, rows, slots: counts.slotCount, scratch)
    var wordCounts: [Int: Int] = [:]
    var worded: [Int] = []
    for row in words.nearest {
      let (segment, place) = rows.place(of: row)
      for slot in segment.hashtags(place) {
        if wordCounts[Int(slot)] == nil { worded.append(Int(slot)) }
        wordCounts[Int(slot), default: 0] += 1
      }
    }
    (self.wordCounts, wordRows, together) = (wordCounts, words.nearest.count, words.together)
    // Of equal ones that of the nearer tweet comes first.
    let near = order.enumerated().sorted { a, b in
      let (x, y) = (nearby[a.element]?.sum ?? 0, nearby[b.element]?.sum ?? 0)
      return x != y ? x > y : a.offset < b.offset
    }.prefix(Self.offeredNeighbours).map(\.element)
    let alike = worded.enumerated().sorted { a, b in
      let (x, y) = (wordCounts[a.element] ?? 0, wordCounts[b.element] ?? 0)
      return x != y ? x > y : a.offset < b.offset
    }.prefix(Self.offeredNeighbours).map(\.element)
    let leaders = moment.leaders.filter { slot in
      nearby[slot] != nil || wordCounts[slot] != nil || words.together[slot] ?? 0 >= 0.05
        || stream.isCountedMuch(slot, at: moment)
    }
    var seen: Set<Int> = []
    offered = (leaders + near + alike).compactMap { slot in
      seen.insert(slot).inserted && stream.isOffered(slot, at: moment) ? counts.normal(slot) : nil
    }
  }

  /// A hashtag that a live tweet carries: how it is spelled, and what is said of it. Nil for any other.
  package func hashtag(_ normal: String) -> (display: String, features: StreamFeatures)? {
    guard let slot = stream.counts.slot(of: normal) else { return nil }
    let carried = stream.counts.rows(slot, in: moment.visible)
    guard !carried.isEmpty, let state = stream.counts.state(slot, taught: moment.taught) else { return nil }
    var features = StreamFeatures()
    let count = state.count.values(at: moment.tick, stream.decay)
    let total = moment.total.values(at: moment.tick, stream.decay)
    if total.slow > 0 { features.share = count.slow / total.slow }
    if total.fast > 0 { features.recentShare = count.fast / total.fast }
    features.count = carried.count
    features.totalShare = Double(carried.count) / Double(size)
    features.age = moment.taught - state.firstSeen
    if let near = nearby[slot] {
      (features.neighbourSum, features.neighbourMax) = (near.sum, near.largest)
      features.neighbourShare = nearbySum > 0 ? near.sum / nearbySum : 0
    }
    if wordRows > 0 { features.wordShare = Double(wordCounts[slot] ?? 0) / Double(wordRows) }
    features.together = together[slot] ?? 0
    features.authors = stream.hasSeveralAuthors(carried) ? 2 : 1
    return (state.display, features)
  }

  /// How much more a word of the tweet is said than before: ln of its share of late over its share before, 0 for a word
  /// that the tweet does not have.
  package func burst(_ word: String) -> Double {
    moment.bursts.isEmpty ? 0 : moment.bursts[Lesson.key(of: word)] ?? 0
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
  fileprivate func isCountedMuch(_ slot: Int, at moment: Moment) -> Bool {
    guard let state = counts.state(slot, taught: moment.taught) else { return false }
    let count = state.count.values(at: moment.tick, decay)
    let total = moment.total.values(at: moment.tick, decay)
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
