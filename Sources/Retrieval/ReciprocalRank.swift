// SPDX-License-Identifier: Apache-2.0
/// Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
///
/// A row's score is the sum of 1 / (k + place) over the rankings that contain it; places start at 1. The scores behind the
/// rankings are not used.
package enum ReciprocalRank {
  /// The paper's k.
  package static let k = 60

  /// The best rows of several rankings, best first; ties go to the lower row. O(n log n).
  /// - Parameter rankings: rows, best first; a ranking contains each row at most once.
  package static func fuse(_ rankings: [[Int]], count: Int) -> [Int] {
    var scores: [Int: Double] = [:]
    for ranking in rankings {
      for (place, row) in ranking.enumerated() { scores[row, default: 0] += 1 / Double(k + place + 1) }
    }
    return scores.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(max(0, count)).map(\.key)
  }
}
