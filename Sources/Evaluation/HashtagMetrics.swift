// SPDX-License-Identifier: Apache-2.0
/// How good one tweet's ranked hashtags are, by the definitions ASSIGNER's and RIGHT's figures rest on.
///
/// Hashtags are compared as given, so both sides should be hashtag normal forms, and `predicted` without repeats. The
/// names follow the usual ones; all results are fractions from 0 to 1.
package enum HashtagMetrics {
  /// F1@k: the harmonic mean of the precision of the first `k` predictions and their recall of all gold hashtags.
  ///
  /// Precision counts only as many places as there are predictions. 0 where nothing matches.
  package static func f1(predicted: [String], gold: [String], at k: Int) -> Double {
    let top = predicted.prefix(max(k, 0))
    let hits = Set(top).intersection(gold).count
    guard hits > 0 else { return 0 }
    let precision = Double(hits) / Double(top.count)
    let recall = Double(hits) / Double(gold.count)
    return 2 * precision * recall / (precision + recall)
  }

  /// Average precision of the first `k` predictions, divided by the most that could match, min(|gold|, k).
  package static func averagePrecision(predicted: [String], gold: [String], at k: Int) -> Double {
    let possible = min(gold.count, k)
    guard possible > 0 else { return 0 }
    var hits = 0
    var total = 0.0
    for (index, hashtag) in predicted.prefix(k).enumerated() where gold.contains(hashtag) {
      hits += 1
      total += Double(hits) / Double(index + 1)
    }
    return total / Double(possible)
  }

  /// ROUGE-1 F of the first `k` predictions, whole hashtags being the unigrams: the same as F1@k.
  package static func rouge1(predicted: [String], gold: [String], at k: Int) -> Double {
    f1(predicted: predicted, gold: gold, at: k)
  }

  /// dist-1 of the first `k` predictions: distinct hashtags per hashtag; 0 where there are none.
  package static func distinct1(predicted: [String], at k: Int) -> Double {
    let top = predicted.prefix(max(k, 0))
    return top.isEmpty ? 0 : Double(Set(top).count) / Double(top.count)
  }
}
