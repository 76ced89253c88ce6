// SPDX-License-Identifier: Apache-2.0

import Ranking
import Retrieval
import Tensors

/// p(h | d_q): the selector's probability of each hashtag of the corpus for a tweet, independent of the retrieved tweets:
///
///     p(h | d_q) = n_h exp(r(d_q, h) / τ) / Σ_g n_g exp(r(d_q, g) / τ)
///
/// The training of Eq. 2 draws hashtags as often as they occur, so exp(r / τ) estimates p(h | d) / p(h). n_h, the number of
/// tweets that carry h, restores p(h). Counts are rounded to half octaves; ``CoarseScale`` says why.
struct HashtagLikelihood {
  /// 1 / τ; τ is the temperature of the selector's training.
  static let inverseTemperature = 20.0
  /// A hashtag in fewer tweets may be a typing error.
  static let minimumFrequency = 3

  /// Hashtags that are asked for before their turn. Four of five are too rare, so the others lie apart, and each would wait for the
  /// memory.
  private static let ahead = 48

  private let index: CorpusIndex
  private let statistics: CorpusStatistics
  private let query: HashtagQuery
  private let total: Double
  /// The likeliest hashtags, best first; ties go to the lower number.
  let best: [Int]

  /// - Parameter count: the number of likeliest hashtags to find.
  /// - Complexity: O(H d) for H hashtags.
  init(index: CorpusIndex, statistics: CorpusStatistics, query: HashtagQuery, count: Int) {
    self.index = index
    self.statistics = statistics
    self.query = query
    var total = 0.0
    var top: [(weight: Double, hashtag: Int)] = []
    top.reserveCapacity(count + 1)
    for hashtag in 0..<index.hashtagCount {
      let coming = hashtag + Self.ahead
      if coming < index.hashtagCount, index.frequency(coming) >= Self.minimumFrequency { index.fetchEmbedding(ofHashtag: coming) }
      guard statistics.frequency(hashtag) >= Self.minimumFrequency else { continue }
      let weight = Self.weight(hashtag, index, statistics, query)
      total += weight
      guard top.count < count || weight > (top.last?.weight ?? 0), weight > 0 else { continue }
      let place = top.firstIndex { weight > $0.weight } ?? top.count
      top.insert((weight, hashtag), at: place)
      if top.count > count { top.removeLast() }
    }
    self.total = total
    best = top.map(\.hashtag)
  }

  /// p(h | d_q); 0 if no hashtag has any weight.
  func probability(_ hashtag: Int) -> Double {
    total > 0 ? min(1, Self.weight(hashtag, index, statistics, query) / total) : 0
  }

  private static func weight(
    _ hashtag: Int, _ index: CorpusIndex, _ statistics: CorpusStatistics, _ query: HashtagQuery
  ) -> Double {
    let count = Double(CoarseScale.leadingBits(statistics.frequency(hashtag)))
    return count * DeterministicMath.exp(inverseTemperature * Double(index.relevance(hashtag, query)))
  }
}
