// SPDX-License-Identifier: Apache-2.0
/// Metrics of one tweet's ranked hashtags, as ASSIGNER and RIGHT define them.
///
/// Hashtags are compared as given: pass hashtag normal forms on both sides, and no repeats in `predicted`. All results are
/// fractions from 0 to 1.
package enum HashtagMetrics {
  /// F1@k: the harmonic mean of the precision of the first `k` predictions and their recall of all gold hashtags.
  ///
  /// With fewer than `k` predictions, precision divides by their number. 0 if nothing matches.
  package static func f1(predicted: [String], gold: [String], at k: Int) -> Double {
    let top = predicted.prefix(max(k, 0))
    let hits = Set(top).intersection(gold).count
    guard hits > 0 else { return 0 }
    let precision = Double(hits) / Double(top.count)
    let recall = Double(hits) / Double(gold.count)
    return 2 * precision * recall / (precision + recall)
  }

  /// AP@k: the average precision of the first `k` predictions, divided by the largest possible number of hits, min(|gold|, k).
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

  /// The dist-1 of predictions or of their words: the distinct ones divided by all; 0 without any.
  package static func distinct1(_ predicted: some Collection<String>) -> Double {
    predicted.isEmpty ? 0 : Double(Set(predicted).count) / Double(predicted.count)
  }
}
