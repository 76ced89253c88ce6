// SPDX-License-Identifier: Apache-2.0

/// BERTScore (Zhang et al., 2020) without idf weights: each token is matched with the most similar one of the other text.
///
/// As in the package `bert-score`, the special tokens at both ends can be matched, but do not count themselves.
package struct BERTScore: Sendable, Equatable {
  /// The mean over the predicted tokens (ASSIGNER Eq. 15), and the mean over the gold tokens.
  package let precision, recall: Double

  /// The harmonic mean.
  package var f: Double { precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0 }

  /// - Parameters:
  ///   - predicted: the tokens' vectors, those of the two special tokens first and last: [tokens, width].
  ///   - gold: likewise.
  /// - Complexity: O(predicted · gold · width).
  package init(predicted: [[Float]], gold: [[Float]]) {
    let (a, b) = (predicted.map(Self.unit), gold.map(Self.unit))
    precision = Self.mean(a, of: b)
    recall = Self.mean(b, of: a)
  }

  private static func mean(_ tokens: [[Double]], of others: [[Double]]) -> Double {
    guard tokens.count > 2, others.count > 2 else { return 0 }
    var sum = ExactSum()
    for token in tokens.dropFirst().dropLast() {
      sum.add(others.map { zip(token, $0).reduce(0) { $0 + $1.0 * $1.1 } }.max() ?? 0)
    }
    return sum.value / Double(tokens.count - 2)
  }

  private static func unit(_ vector: [Float]) -> [Double] {
    let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    return vector.map { length > 0 ? Double($0) / length : 0 }
  }
}
