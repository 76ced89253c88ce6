// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// Compares two programs on the same tweets by the paired bootstrap (Efron and Tibshirani, 1993; Koehn, EMNLP 2004): tweets are drawn
/// with replacement, the same for both, and the interval is that of the differences.
package struct PairedBootstrap: Sendable {
  /// A measure of both programs, in percent.
  package struct Row: Sendable, Equatable {
    package let name: String
    package let first, second: Double
    /// The 2.5 % and 97.5 % quantiles of the resampled differences.
    package let interval: ClosedRange<Double>

    package var difference: Double { second - first }
    /// Whether 0 lies outside the interval.
    package var isClear: Bool { !interval.contains(0) }
  }

  package let rows: [Row]
  package let resamples: Int

  /// - Parameters:
  ///   - tweets: each tweet with the answers of both programs.
  ///   - resamples: at least 1.
  ///   - seed: the same seed gives the same intervals on every machine.
  /// - Complexity: O(tweets · measures · resamples).
  package init(_ measures: [Measure], _ tweets: [(first: JudgedTweet, second: JudgedTweet)], resamples: Int, seed: UInt64) {
    self.resamples = resamples
    var (first, second) = (Evaluation(measures), Evaluation(measures))
    for tweet in tweets {
      first.add(tweet.first)
      second.add(tweet.second)
    }
    let parts = tweets.map { (measures.parts(of: $0.first), measures.parts(of: $0.second)) }
    var differences = [[Double]](repeating: [], count: measures.count)
    var random = SplitMix64(seed: seed)
    for _ in 0..<(tweets.isEmpty ? 0 : resamples) {
      var sums = ([Double](repeating: 0, count: measures.width), [Double](repeating: 0, count: measures.width))
      for _ in tweets.indices {
        let drawn = parts[random.next(below: tweets.count)]
        for place in sums.0.indices {
          sums.0[place] += drawn.0[place]
          sums.1[place] += drawn.1[place]
        }
      }
      let figures = (
        measures.figures(sums: sums.0, tweets: tweets.count), measures.figures(sums: sums.1, tweets: tweets.count)
      )
      for place in measures.indices { differences[place].append(figures.1[place] - figures.0[place]) }
    }
    rows = zip(zip(first.rows, second.rows), differences).map { figures, differences in
      Row(
        name: figures.0.name, first: figures.0.value, second: figures.1.value,
        interval: Statistics.quantile(differences, 0.025)...Statistics.quantile(differences, 0.975))
    }
  }
}
