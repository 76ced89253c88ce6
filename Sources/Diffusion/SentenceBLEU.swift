// SPDX-License-Identifier: Apache-2.0

import Tensors

/// BLEU of one hypothesis against one reference, equal to sacreBLEU's corpus score for a corpus of one sentence (Post, 2018):
/// n-grams up to 4, also in short sentences, with exponential smoothing. In 0…100.
///
/// Without effective order, a hypothesis of fewer than four tokens scores 0, even against itself. The reference
/// implementation's choice of a candidate relies on this.
package enum SentenceBLEU {
  package static func score<Token: Hashable>(_ hypothesis: [Token], reference: [Token]) -> Double {
    var smoothing = 1.0
    var logarithms = 0.0
    var hasMatches = false
    for order in 1...4 {
      let (matches, total) = precision(hypothesis, reference, order: order)
      guard total > 0 else { return 0 }
      if matches > 0 {
        hasMatches = true
        logarithms += DeterministicMath.log(100 * Double(matches) / Double(total))
      } else {
        smoothing *= 2
        logarithms += DeterministicMath.log(100 / (smoothing * Double(total)))
      }
    }
    guard hasMatches else { return 0 }
    let missing = 1 - Double(reference.count) / Double(hypothesis.count)
    return DeterministicMath.exp(min(missing, 0) + logarithms / 4)
  }

  /// The number of matches, clipped by their number in the reference, and the number of n-grams.
  private static func precision<Token: Hashable>(
    _ hypothesis: [Token], _ reference: [Token], order: Int
  ) -> (matches: Int, total: Int) {
    let counts = ngrams(hypothesis, order)
    let known = ngrams(reference, order)
    let matches = counts.reduce(0) { $0 + min($1.value, known[$1.key] ?? 0) }
    return (matches, max(0, hypothesis.count - order + 1))
  }

  private static func ngrams<Token: Hashable>(_ tokens: [Token], _ order: Int) -> [ArraySlice<Token>: Int] {
    guard tokens.count >= order else { return [:] }
    var counts: [ArraySlice<Token>: Int] = [:]
    for start in 0...tokens.count - order { counts[tokens[start..<start + order], default: 0] += 1 }
    return counts
  }
}
