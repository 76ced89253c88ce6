// SPDX-License-Identifier: Apache-2.0

import Ranking
import Retrieval
import Tensors

/// p(h | d_q), how likely the selector finds each hashtag of the corpus for a tweet, before any tweet is retrieved:
///
///     p(h | d_q) = n_h exp(r(d_q, h) / τ) / Σ_g n_g exp(r(d_q, g) / τ)
///
/// Eq. 2 is trained on hashtags drawn as often as they occur, so exp(r / τ) estimates p(h | d) / p(h); n_h, the tweets that
/// carry h, gives the p(h) back. Counts are taken in half octaves (``CoarseScale``), for the reason given there.
struct HashtagLikelihood {
  /// 1 / τ, with the temperature of the selector's training.
  static let inverseTemperature = 20.0
  /// A hashtag of fewer tweets is no more than a typing error.
  static let minimumFrequency = 3

  private let index: CorpusIndex
  private let statistics: CorpusStatistics
  private let query: HashtagQuery
  private let total: Double
  /// The likeliest hashtags, best first; of equal ones the lower number.
  let best: [Int]

  /// Complexity: O(H d) for H hashtags.
  /// - Parameter count: how many are looked for.
  init(index: CorpusIndex, statistics: CorpusStatistics, query: HashtagQuery, count: Int) {
    self.index = index
    self.statistics = statistics
    self.query = query
    var total = 0.0
    var top: [(weight: Double, hashtag: Int)] = []
    top.reserveCapacity(count + 1)
    for hashtag in 0..<index.hashtagCount where statistics.frequency(hashtag) >= Self.minimumFrequency {
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

  /// p(h | d_q); 0 where nothing is likely.
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
