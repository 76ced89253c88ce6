// SPDX-License-Identifier: Apache-2.0

import Tensors

extension HashtagMetrics {
  /// Sentence BLEU-4 with whole hashtags as unigrams and smoothing method 4 of Chen and Cherry (2014), as NLTK computes it.
  ///
  /// BLEU = bp · exp(Σ ¼ ln p_n). bp is exp(1 − r/c) if the prediction (length c) is not longer than the gold list (length
  /// r), otherwise 1. A p_n without a match becomes ln(c) / (5 · 2^j) divided by its number of n-grams; j counts the p_n
  /// replaced so far. With c = 1 the replacement is undefined, so the factor is left out. The result is 0 if no hashtag
  /// matches.
  package static func bleu(predicted: [String], gold: [String]) -> Double {
    let precisions = (1...4).map { precision(predicted: predicted, gold: gold, order: $0) }
    guard precisions[0].matches > 0 else { return 0 }
    let length = Double(predicted.count)
    var replaced = 0
    var logarithms = ExactSum()
    for (matches, total) in precisions {
      var numerator = Double(matches)
      if matches == 0 {
        guard predicted.count > 1 else { continue }
        replaced += 1
        numerator = 1 / (Double(1 << replaced) * 5 / DeterministicMath.log(length))
      }
      logarithms.add(0.25 * DeterministicMath.log(numerator / Double(total)))
    }
    let brevity = predicted.count > gold.count ? 1 : DeterministicMath.exp(1 - Double(gold.count) / length)
    return brevity * DeterministicMath.exp(logarithms.value)
  }

  /// The modified n-gram precision: matches, clipped to the count in the gold list, and the number of n-grams (at least 1).
  private static func precision(predicted: [String], gold: [String], order: Int) -> (matches: Int, total: Int) {
    let counts = ngrams(predicted, order)
    let goldCounts = ngrams(gold, order)
    let matches = counts.reduce(0) { $0 + min($1.value, goldCounts[$1.key] ?? 0) }
    return (matches, max(1, counts.values.reduce(0, +)))
  }

  private static func ngrams(_ hashtags: [String], _ order: Int) -> [ArraySlice<String>: Int] {
    var counts: [ArraySlice<String>: Int] = [:]
    var start = 0
    while start + order <= hashtags.count {
      counts[hashtags[start..<start + order], default: 0] += 1
      start += 1
    }
    return counts
  }
}
