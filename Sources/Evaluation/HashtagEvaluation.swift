// SPDX-License-Identifier: Apache-2.0
/// The figures of a whole file of tweets, in percent, in printing order.
package struct HashtagScores: Sendable, Equatable {
  package var f1At1 = 0.0
  package var f1At2 = 0.0
  package var f1At5 = 0.0
  package var mapAt5 = 0.0
  /// ROUGE-1, BLEU and dist-1 use the first two predicted hashtags, as ASSIGNER reports them.
  package var rouge1 = 0.0
  package var bleu = 0.0
  package var distinct1 = 0.0
  /// The share of tweets with at least one predicted hashtag.
  package var answered = 0.0

  /// All figures start at 0.
  package init() {}

  /// The name and value of each figure.
  package var rows: [(name: String, value: Double)] {
    [
      ("F1@1", f1At1), ("F1@2", f1At2), ("F1@5", f1At5), ("MAP@5", mapAt5), ("ROUGE-1", rouge1), ("BLEU", bleu),
      ("dist-1", distinct1), ("answered", answered),
    ]
  }
}

/// Accumulates the figures of tweets, one tweet at a time.
///
///     var evaluation = HashtagEvaluation()
///     evaluation.add(predicted: ["flood", "rivertown"], gold: ["rivertown"])
///     print(evaluation.scores.f1At2)  // 66.67
package struct HashtagEvaluation: Sendable {
  /// The number of added tweets.
  package private(set) var count = 0
  private var sums = [ExactSum](repeating: ExactSum(), count: 8)

  package init() {}

  /// Adds a tweet with its predicted hashtags, best first, and its gold hashtags, all as hashtag normal forms.
  ///
  /// It drops empty and repeated predictions, and takes the gold list unchanged.
  package mutating func add(predicted: [String], gold: [String]) {
    var seen: Set<String> = [""]
    let predicted = predicted.filter { seen.insert($0).inserted }
    let values = [
      HashtagMetrics.f1(predicted: predicted, gold: gold, at: 1),
      HashtagMetrics.f1(predicted: predicted, gold: gold, at: 2),
      HashtagMetrics.f1(predicted: predicted, gold: gold, at: 5),
      HashtagMetrics.averagePrecision(predicted: predicted, gold: gold, at: 5),
      HashtagMetrics.rouge1(predicted: predicted, gold: gold, at: 2),
      HashtagMetrics.bleu(predicted: Array(predicted.prefix(2)), gold: gold),
      HashtagMetrics.distinct1(predicted: predicted, at: 2),
      predicted.isEmpty ? 0 : 1,
    ]
    for (index, value) in values.enumerated() { sums[index].add(value) }
    count += 1
  }

  /// The means in percent; all 0 before the first tweet.
  package var scores: HashtagScores {
    guard count > 0 else { return HashtagScores() }
    let means = sums.map { 100 * $0.value / Double(count) }
    var scores = HashtagScores()
    (scores.f1At1, scores.f1At2, scores.f1At5, scores.mapAt5) = (means[0], means[1], means[2], means[3])
    (scores.rouge1, scores.bleu, scores.distinct1, scores.answered) = (means[4], means[5], means[6], means[7])
    return scores
  }
}
