// SPDX-License-Identifier: Apache-2.0
/// Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): a row's score is Σ 1 / (k + its place) over the
/// rankings that have it, places from 1. It asks nothing of the scores behind the rankings.
package enum ReciprocalRank {
  /// The paper's k.
  package static let k = 60

  /// The best rows of several rankings, best first; of equal ones the lower row. O(n log n).
  /// - Parameter rankings: rows, best first, each at most once in a ranking.
  package static func fuse(_ rankings: [[Int]], count: Int) -> [Int] {
    var scores: [Int: Double] = [:]
    for ranking in rankings {
      for (place, row) in ranking.enumerated() { scores[row, default: 0] += 1 / Double(k + place + 1) }
    }
    return scores.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(max(0, count)).map(\.key)
  }
}
