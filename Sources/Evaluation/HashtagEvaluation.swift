// SPDX-License-Identifier: Apache-2.0
/// The figures of a whole file of tweets, in percent, in the order they are printed.
package struct HashtagScores: Sendable, Equatable {
  package var f1At1 = 0.0
  package var f1At2 = 0.0
  package var f1At5 = 0.0
  package var mapAt5 = 0.0
  /// ROUGE-1, BLEU and dist-1 are those of the first two hashtags, as ASSIGNER reports them.
  package var rouge1 = 0.0
  package var bleu = 0.0
  package var distinct1 = 0.0
  /// Tweets with at least one hashtag predicted.
  package var answered = 0.0

  /// No tweet yet: all figures 0.
  package init() {}

  /// Name and value of each figure.
  package var rows: [(name: String, value: Double)] {
    [
      ("F1@1", f1At1), ("F1@2", f1At2), ("F1@5", f1At5), ("MAP@5", mapAt5), ("ROUGE-1", rouge1), ("BLEU", bleu),
      ("dist-1", distinct1), ("answered", answered),
    ]
  }
}

/// Adds up the figures of one tweet after the other.
///
///     var evaluation = HashtagEvaluation()
///     evaluation.add(predicted: ["flood", "rivertown"], gold: ["rivertown"])
///     print(evaluation.scores.f1At2)  // 66.67
package struct HashtagEvaluation: Sendable {
  /// How many tweets were added.
  package private(set) var count = 0
  private var sums = [ExactSum](repeating: ExactSum(), count: 8)

  package init() {}

  /// Adds a tweet: its predicted hashtags, best first, and its gold ones, all as hashtag normal forms.
  ///
  /// Empty and repeated predictions are left out first; the gold list is taken as it is.
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

  /// The means so far in percent; all 0 where no tweet was added.
  package var scores: HashtagScores {
    guard count > 0 else { return HashtagScores() }
    let means = sums.map { 100 * $0.value / Double(count) }
    var scores = HashtagScores()
    (scores.f1At1, scores.f1At2, scores.f1At5, scores.mapAt5) = (means[0], means[1], means[2], means[3])
    (scores.rouge1, scores.bleu, scores.distinct1, scores.answered) = (means[4], means[5], means[6], means[7])
    return scores
  }
}
