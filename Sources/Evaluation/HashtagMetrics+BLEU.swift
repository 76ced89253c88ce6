// SPDX-License-Identifier: Apache-2.0

import Tensors

extension HashtagMetrics {
  /// Sentence BLEU-4, whole hashtags as unigrams, smoothing method 4 of Chen and Cherry (2014), as NLTK counts it.
  ///
  /// bp · exp(Σ ¼ ln p_n), bp = exp(1 − r/c) where the prediction (length c) is not longer than the gold list
  /// (length r), else 1. A p_n without a match becomes ln(c) / (5 · 2^j) over its n-grams, j counting those replaced
  /// so far; with c = 1 there is nothing to replace it by, and its factor is left out. 0 where no hashtag matches.
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

  /// Modified n-gram precision: matches clipped by how often the gold list has them, and the n-grams there are (or 1).
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
