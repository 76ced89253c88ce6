// SPDX-License-Identifier: Apache-2.0
/// How long a list of hashtags shall be: so long that its F1 is expected to be largest.
///
/// Each hashtag is taken to be right with its calibrated probability, independently of the others; then the chances of every
/// number of hits and misses follow by adding one hashtag after the other (Jansche, A Maximum Expected Utility Framework for
/// Binary Sequence Labeling, 2007).
package enum ExpectedF1 {
  /// As many right hashtags beside those of the list are told apart; more count as so many.
  private static let largestRest = 16

  /// How many of the first to answer: at least one where there is one, and at most `count`; of equally good lengths the
  /// shorter.
  ///
  /// - Parameter probabilities: of all candidates to be right, in the order of the answer.
  /// - Complexity: O(count × (candidates + count) × 16).
  package static func length(_ probabilities: [Double], atMost count: Int) -> Int {
    var best = (length: 0, value: -Double.infinity)
    var hits = [1.0]
    for length in 1..<max(1, min(count, probabilities.count) + 1) {
      add(probabilities[length - 1], to: &hits, largest: length)
      var rest = [1.0]
      for probability in probabilities[length...] { add(probability, to: &rest, largest: largestRest) }
      var value = 0.0
      for (hit, chance) in hits.enumerated() {
        for (missed, chanceOfRest) in rest.enumerated() {
          value += chance * chanceOfRest * Double(2 * hit) / Double(length + hit + missed)
        }
      }
      if value > best.value { best = (length, value) }
    }
    return best.length
  }

  /// One hashtag more: `chances[n]` is the probability that n are right, the last one that so many or more are.
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
