// SPDX-License-Identifier: Apache-2.0
/// One hashtag carried by retrieved tweets: what the selector's formulas and the ranking look at.
package struct SelectedHashtag: Sendable, Equatable {
  /// The hashtag's number in the index.
  package let hashtag: Int
  /// f_h: how many of the retrieved tweets carry it.
  package let count: Int
  /// The mean of s(d_q, d_i) over those tweets: ASSIGNER Eq. 12 without r.
  package let mean: Float
  /// The largest of those similarities.
  package let maximum: Float
  /// Σ s⁴ over those tweets: near tweets count much more than far ones.
  package let fourthPowers: Float

  /// RIGHT's selector score: ρ_h = mean + r (ASSIGNER Eq. 12), times RIGHT's frequency factor.
  ///
  ///     s_h = (1/f_h Σ s(d_q, d_i) + r(d_q, h)) (1 + (f_h − 1) / 10)
  ///
  /// - Parameter relevance: r(d_q, h), the cosine of the selector's two embeddings (ASSIGNER Eq. 2, 11).
  package func score(relevance: Float) -> Float {
    (mean + relevance) * (1 + Float(count - 1) / 10)
  }
}

/// Gathers the hashtags of retrieved tweets (ASSIGNER Eq. 11-12; RIGHT, section "selector").
package enum Selection {
  /// The hashtags that the neighbours carry, by number, with what the formulas need.
  ///
  /// Sums run in the order of the neighbours, so equal neighbours give equal bits. O(n log n) for n carried hashtags.
  /// - Parameters:
  ///   - neighbors: retrieved tweets, best first. Negative similarities count as zero in `fourthPowers`.
  ///   - hashtags: the hashtags of a row, each at most once.
  package static func gather(
    _ neighbors: [Neighbor], hashtags: (_ row: Int) -> some Sequence<Int>
  ) -> [SelectedHashtag] {
    var carried: [(hashtag: Int, order: Int)] = []
    for (order, neighbor) in neighbors.enumerated() {
      for hashtag in hashtags(neighbor.row) { carried.append((hashtag, order)) }
    }
    carried.sort { ($0.hashtag, $0.order) < ($1.hashtag, $1.order) }
    var selected: [SelectedHashtag] = []
    var start = 0
    while start < carried.count {
      var end = start
      var sum: Float = 0
      var maximum = -Float.infinity
      var powers: Float = 0
      while end < carried.count, carried[end].hashtag == carried[start].hashtag {
        let similarity = neighbors[carried[end].order].similarity
        sum += similarity
        maximum = max(maximum, similarity)
        let positive = max(0, similarity)
        powers += (positive * positive) * (positive * positive)
        end += 1
      }
      selected.append(
        SelectedHashtag(
          hashtag: carried[start].hashtag, count: end - start, mean: sum / Float(end - start), maximum: maximum,
          fourthPowers: powers))
      start = end
    }
    return selected
  }

  /// The `count` best by RIGHT's score; equal scores in the order of hashtag numbers. O(n log n).
  package static func top(
    _ selected: [SelectedHashtag], count: Int, relevance: (_ hashtag: Int) -> Float
  ) -> [(hashtag: Int, score: Float)] {
    let scored = selected.map { (hashtag: $0.hashtag, score: $0.score(relevance: relevance($0.hashtag))) }
    return Array(scored.sorted { ($1.score, $0.hashtag) < ($0.score, $1.hashtag) }.prefix(max(0, count)))
  }
}
