// SPDX-License-Identifier: Apache-2.0

/// A hashtag that the generator wrote.
package struct GeneratedHashtag: Equatable, Sendable {
  /// Normal form.
  package var normal: String
  /// Position among the generated hashtags, from 0.
  package var position: Int
  /// Mean and minimum probability of its pieces in the final pass.
  package var meanProbability: Double
  package var leastProbability: Double

  package init(normal: String, position: Int, meanProbability: Double, leastProbability: Double) {
    self.normal = normal
    self.position = position
    self.meanProbability = meanProbability
    self.leastProbability = leastProbability
  }

  /// - Parameter probabilities: the probability of each of its pieces.
  init(normal: String, position: Int, probabilities: [Double]) {
    self.init(
      normal: normal, position: position,
      meanProbability: probabilities.reduce(0, +) / Double(max(1, probabilities.count)),
      leastProbability: probabilities.min() ?? 0)
  }
}
