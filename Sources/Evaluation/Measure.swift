// SPDX-License-Identifier: Apache-2.0
/// One figure of a file of tweets.
///
/// A tweet gives a few numbers. The figure is computed from their sums, so that measures over a whole corpus, which are no means over
/// tweets, can be resampled, too.
package struct Measure: Sendable {
  package let name: String
  /// The count of numbers that `parts` gives.
  let width: Int
  /// A tweet's numbers.
  let parts: @Sendable (JudgedTweet) -> [Double]
  /// The figure in percent.
  /// - Parameters:
  ///   - sums: the sums of the tweets' numbers.
  ///   - tweets: at least 1.
  let figure: @Sendable (_ sums: ArraySlice<Double>, _ tweets: Int) -> Double

  /// A mean over tweets of a value from 0 to 1.
  static func mean(_ name: String, _ value: @escaping @Sendable (JudgedTweet) -> Double) -> Measure {
    Measure(name: name, width: 1) {
      [value($0)]
    } figure: { sums, tweets in
      100 * (sums.first ?? 0) / Double(tweets)
    }
  }

  /// The F1@k of a whole corpus, as the evaluation programs of MHG and RIGHT compute it: precision divides the hits of all tweets by k
  /// for each tweet, even if fewer hashtags were predicted; recall divides them by all gold hashtags.
  ///
  /// - Parameter hits: the tweet's hits among the first k predictions.
  static func corpusF1(_ name: String, at k: Int, hits: @escaping @Sendable (JudgedTweet) -> Int) -> Measure {
    Measure(name: name, width: 2) {
      [Double(hits($0)), Double($0.gold.count)]
    } figure: { sums, tweets in
      // 2pr / (p + r) with p = hits / (k · tweets) and r = hits / gold.
      let parts = Array(sums)
      return 200 * parts[0] / (Double(k * tweets) + parts[1])
    }
  }
}

extension [Measure] {
  /// A tweet's numbers for all measures, one measure after the other.
  func parts(of tweet: JudgedTweet) -> [Double] { flatMap { $0.parts(tweet) } }

  /// The figures in percent; all 0 without tweets.
  func figures(sums: [Double], tweets: Int) -> [Double] {
    var start = 0
    return map { measure in
      defer { start += measure.width }
      return tweets == 0 ? 0 : measure.figure(sums[start..<start + measure.width], tweets)
    }
  }

  var width: Int { reduce(0) { $0 + $1.width } }
}
