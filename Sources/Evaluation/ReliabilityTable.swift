// SPDX-License-Identifier: Apache-2.0
/// Shows how well scores are calibrated: groups hashtags by score and counts how many in each group were correct.
package struct ReliabilityTable: Sendable {
  /// The hashtags whose scores lie in one interval of [0, 1].
  package struct Bin: Sendable, Equatable {
    /// Scores from `lower` up to `upper`; the last bin includes 1.
    package var lower, upper: Double
    /// The number of hashtags, and the number of gold ones among them.
    package var count, hits: Int
    /// The mean score; 0 for an empty bin.
    package var meanScore: Double

    /// The share of gold hashtags; 0 for an empty bin.
    package var hitRate: Double { count == 0 ? 0 : Double(hits) / Double(count) }
  }

  private var counts: [Int]
  private var hits: [Int]
  private var scores: [ExactSum]

  /// A table of `bins` intervals of equal width, at least one.
  package init(bins: Int = 10) {
    counts = [Int](repeating: 0, count: max(bins, 1))
    hits = counts
    scores = counts.map { _ in ExactSum() }
  }

  /// Adds a hashtag with its score and whether it was gold. Scores are clamped to [0, 1]; NaN counts as 0.
  package mutating func add(score: Double, isHit: Bool) {
    let score = score.isNaN ? 0 : min(max(score, 0), 1)
    let bin = min(Int(score * Double(counts.count)), counts.count - 1)
    counts[bin] += 1
    hits[bin] += isHit ? 1 : 0
    scores[bin].add(score)
  }

  /// All bins, lowest scores first.
  package var bins: [Bin] {
    counts.indices.map { bin in
      Bin(
        lower: Double(bin) / Double(counts.count), upper: Double(bin + 1) / Double(counts.count), count: counts[bin],
        hits: hits[bin], meanScore: counts[bin] == 0 ? 0 : scores[bin].value / Double(counts[bin]))
    }
  }

  /// The expected calibration error: the mean distance between hit rate and mean score, weighted by the bins' counts.
  package var expectedCalibrationError: Double {
    let total = counts.reduce(0, +)
    guard total > 0 else { return 0 }
    return bins.reduce(0) { $0 + abs($1.hitRate - $1.meanScore) * Double($1.count) } / Double(total)
  }
}
