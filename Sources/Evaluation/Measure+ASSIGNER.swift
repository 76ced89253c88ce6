// SPDX-License-Identifier: Apache-2.0

extension [Measure] {
  /// The measures of ASSIGNER (Table 2 and appendix) over the words of the first two hashtags ("top-2").
  ///
  /// ROUGE-1 is F, ROUGE-L is recall (Eq. 19). BLEU is NLTK's with smoothing method 4, because four-grams are rare here. dist-1 is the
  /// share of distinct words; the appendix calls it an edit distance, which would have no unit.
  static let assigner: [Measure] = [
    .mean("ASSIGNER ROUGE-1") { ROUGE.f(ROUGE.ngrams($0.predictedWords(of: 2), 1), ROUGE.ngrams($0.goldWords, 1)) },
    .mean("ASSIGNER ROUGE-L recall") { tweet in
      let gold = tweet.goldWords
      return gold.isEmpty
        ? 0 : Double(ROUGE.longestCommonSubsequence(gold, tweet.predictedWords(of: 2)).count) / Double(gold.count)
    },
    .mean("ASSIGNER BLEU") { HashtagMetrics.bleu(predicted: $0.predictedWords(of: 2), gold: $0.goldWords) },
    .mean("ASSIGNER dist-1") { HashtagMetrics.distinct1($0.predictedWords(of: 2)) },
  ]

  /// P is ASSIGNER's Eq. 15. The vectors are those of the model's own encoder, so no figure of another network compares with these.
  static let bertScore: [Measure] = [
    .mean("BERTScore P, own encoder") { $0.bertScore?.precision ?? 0 },
    .mean("BERTScore F, own encoder") { $0.bertScore?.f ?? 0 },
  ]
}
