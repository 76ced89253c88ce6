// SPDX-License-Identifier: Apache-2.0
/// The number of hashtags in an answer that maximises the expected F1, and that expected F1.
///
/// Each hashtag is assumed to be correct with its calibrated probability, independently of the others. Adding one hashtag at a
/// time gives the probability of every number of hits and misses (Jansche, A Maximum Expected Utility Framework for
/// Binary Sequence Labeling, 2007).
package struct ExpectedF1: Equatable, Sendable {
  /// The number of hashtags to answer.
  package var length = 0
  /// The expected F1 of that answer; 0 for an empty one.
  package var value = 0.0

  /// The largest number of correct hashtags outside the list that is counted exactly. More count as this many.
  private static let largestRest = 16

  /// The best answer with at least one hashtag, if there is one, and at most `count`. Of equally good lengths the shortest wins.
  ///
  /// - Parameter probabilities: the probability that each candidate is correct, in the order of the answer.
  /// - Complexity: O(count × (candidates + count) × 16).
  package init(_ probabilities: [Double], atMost count: Int) {
    var hits = [1.0]
    for length in 1..<max(1, min(count, probabilities.count) + 1) {
      Self.add(probabilities[length - 1], to: &hits, largest: length)
      var rest = [1.0]
      for probability in probabilities[length...] { Self.add(probability, to: &rest, largest: Self.largestRest) }
      var value = 0.0
      for (hit, chance) in hits.enumerated() {
        for (missed, chanceOfRest) in rest.enumerated() {
          value += chance * chanceOfRest * Double(2 * hit) / Double(length + hit + missed)
        }
      }
      if self.length == 0 || value > self.value { (self.length, self.value) = (length, value) }
    }
  }

  /// Adds one hashtag. `chances[n]` is the probability that n are correct; the last element covers that many or more.
  private static func add(_ probability: Double, to chances: inout [Double], largest: Int) {
    if chances.count <= largest { chances.append(0) }
    let last = chances.count - 1
    let stays = last == largest ? chances[last] * probability : 0
    for n in stride(from: last, through: 1, by: -1) {
      chances[n] = chances[n] * (1 - probability) + chances[n - 1] * probability
    }
    chances[0] *= 1 - probability
    chances[last] += stays
  }
}
