// SPDX-License-Identifier: Apache-2.0

extension [Measure] {
  /// What `assigner eval` prints: means over tweets, hashtags compared whole. BLEU and dist-1 use the first two predictions.
  package static let standard: [Measure] = [
    .mean("F1@1") { HashtagMetrics.f1(predicted: $0.predictedForms, gold: $0.goldForms, at: 1) },
    .mean("F1@2") { HashtagMetrics.f1(predicted: $0.predictedForms, gold: $0.goldForms, at: 2) },
    .mean("F1@5") { HashtagMetrics.f1(predicted: $0.predictedForms, gold: $0.goldForms, at: 5) },
    .mean("MAP@5") { HashtagMetrics.averagePrecision(predicted: $0.predictedForms, gold: $0.goldForms, at: 5) },
    .mean("BLEU") { HashtagMetrics.bleu(predicted: $0.firstTwo, gold: $0.goldForms) },
    .mean("dist-1") { HashtagMetrics.distinct1($0.firstTwo) },
    .mean("answered") { $0.predicted.isEmpty ? 0 : 1 },
  ]

  /// The measures of the three papers, oldest first.
  package static func papers(withBERTScore: Bool) -> [Measure] {
    microblogHashtagGeneration + right + assigner + (withBERTScore ? bertScore : [])
  }
}

extension JudgedTweet {
  /// The normal forms of the first two predictions.
  fileprivate var firstTwo: [String] { predicted.prefix(2).map(\.normal) }
}
