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
    index.forEachHashtag(ofAtLeast: Self.minimumFrequency, query) { hashtag, relevance in
      let frequency = statistics.frequency(hashtag)
      guard frequency >= Self.minimumFrequency else { return }
      let weight = Self.weight(frequency, relevance)
      total += weight
      guard top.count < count || weight > (top.last?.weight ?? 0), weight > 0 else { return }
      let place = top.firstIndex { weight > $0.weight } ?? top.count
      top.insert((weight, hashtag), at: place)
      if top.count > count { top.removeLast() }
    }
    self.total = total
    best = top.map(\.hashtag)
  }

  /// p(h | d_q); 0 if no hashtag has any weight.
  func probability(_ hashtag: Int) -> Double {
    total > 0 ? min(1, Self.weight(statistics.frequency(hashtag), index.relevance(hashtag, query)) / total) : 0
  }

  private static func weight(_ frequency: Int, _ relevance: Float) -> Double {
    Double(CoarseScale.leadingBits(frequency)) * DeterministicMath.exp(inverseTemperature * Double(relevance))
  }
}
