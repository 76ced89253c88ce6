// SPDX-License-Identifier: Apache-2.0

extension [Measure] {
  /// The measures of RIGHT (Table 3): ROUGE F of the words of all predictions, in their order, and F1@k of the whole corpus.
  ///
  /// ROUGE is that of the Python package `rouge`, which the authors use: each n-gram counts once.
  static let right: [Measure] = [
    .mean("RIGHT ROUGE-1") { $0.rouge(1) },
    .mean("RIGHT ROUGE-2") { $0.rouge(2) },
    .mean("RIGHT ROUGE-L") { tweet in
      let (predicted, gold) = (tweet.predictedWords(), tweet.goldWords)
      let common = Set(ROUGE.longestCommonSubsequence(gold, predicted)).count
      return ROUGE.f(hits: common, predicted: Set(predicted).count, gold: Set(gold).count)
    },
    .corpusF1("RIGHT F1@1", at: 1) { $0.hits(1) },
    .corpusF1("RIGHT F1@5", at: 5) { $0.hits(5) },
  ]
}

extension JudgedTweet {
  fileprivate func rouge(_ n: Int) -> Double { ROUGE.f(ROUGE.distinct(predictedWords(), n), ROUGE.distinct(goldWords, n)) }

  /// The first k predictions that are gold. A gold hashtag is hit once.
  fileprivate func hits(_ k: Int) -> Int { Set(predicted.prefix(k)).intersection(gold).count }
}
