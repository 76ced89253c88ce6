// SPDX-License-Identifier: Apache-2.0
/// Accumulates measures, one tweet at a time.
///
///     var evaluation = Evaluation(.standard)
///     evaluation.add(tweet)
///     print(evaluation.rows)
package struct Evaluation: Sendable {
  private let measures: [Measure]
  /// The number of added tweets.
  package private(set) var count = 0
  private var sums: [ExactSum]

  package init(_ measures: [Measure]) {
    self.measures = measures
    sums = [ExactSum](repeating: ExactSum(), count: measures.width)
  }

  package mutating func add(_ tweet: JudgedTweet) {
    for (place, value) in measures.parts(of: tweet).enumerated() { sums[place].add(value) }
    count += 1
  }

  /// The name of each measure with its figure in percent, in printing order; all 0 before the first tweet.
  package var rows: [(name: String, value: Double)] {
    zip(measures, measures.figures(sums: sums.map(\.value), tweets: count)).map { ($0.name, $1) }
  }
}
