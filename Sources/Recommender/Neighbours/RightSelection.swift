// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// A hashtag of the retrieved tweets, with its statistics in them.
package struct RetrievedHashtag: Equatable, Sendable {
  /// The hashtag's number in the index.
  package var hashtag: Int
  /// f_h, the number of retrieved tweets that carry it.
  package var count: Int
  /// Σ s and Σ s⁴ over the retrieved tweets that carry it; negative similarities count as 0.
  package var similaritySum: Double
  package var fourthPowerSum: Double
  package var largestSimilarity: Double
  /// The place of the nearest of these tweets among all retrieved tweets, from 0.
  package var nearestRank: Int
  /// r(d_q, h), the selector's cosine.
  package var selector: Double

  package var meanSimilarity: Double { similaritySum / Double(count) }

  /// RIGHT's score with the selector: ρ_h × (1 + (f_h − 1) / 10), ρ_h = mean s + r(d_q, h) (ASSIGNER Eq. 12, RIGHT §3.2).
  package var rightScore: Double { (meanSimilarity + selector) * (1 + Double(count - 1) / 10) }
}

/// RIGHT's selection: chooses the few hashtags of the neighbours that the generator reads.
enum RightSelection {
  /// The hashtags of the neighbours (nearest first), in order of first appearance.
  ///
  /// - Complexity: O(pairs of neighbour and hashtag).
  static func gather(
    _ neighbours: [Neighbour], index: CorpusIndex, statistics: CorpusStatistics, selector: HashtagQuery?
  ) -> [RetrievedHashtag] {
    var found: [RetrievedHashtag] = []
    var places: [Int: Int] = [:]
    for (rank, neighbour) in neighbours.enumerated() {
      let similarity = max(0, Double(neighbour.similarity))
      let fourth = similarity * similarity * similarity * similarity
      for hashtag in index.hashtags(ofRow: neighbour.row) {
        if let place = places[hashtag] {
          found[place].count += 1
          found[place].similaritySum += similarity
          found[place].fourthPowerSum += fourth
          found[place].largestSimilarity = max(found[place].largestSimilarity, similarity)
        } else if statistics.frequency(hashtag) > 0 {
          places[hashtag] = found.count
          found.append(
            RetrievedHashtag(
              hashtag: hashtag, count: 1, similaritySum: similarity, fourthPowerSum: fourth,
              largestSimilarity: similarity, nearestRank: rank,
              selector: selector.map { Double(index.relevance(hashtag, $0)) } ?? 0))
        }
      }
    }
    return found
  }

  /// The `count` best hashtags by RIGHT's score; ties go to the lower number.
  static func best(_ hashtags: [RetrievedHashtag], count: Int) -> [Int] {
    let sorted = hashtags.sorted { a, b in
      let (x, y) = (a.rightScore, b.rightScore)
      return x != y ? x > y : a.hashtag < b.hashtag
    }
    return sorted.prefix(max(0, count)).map(\.hashtag)
  }
}
