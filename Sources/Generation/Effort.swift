// SPDX-License-Identifier: Apache-2.0
/// How much work the generator does for one tweet.
package struct Effort: Equatable, Sendable {
  /// Number of denoising steps, or nil for a generator that cannot take fewer steps.
  package var steps: Int?
  /// Number of sequences.
  package var candidates: Int

  package init(steps: Int?, candidates: Int) {
    self.steps = steps
    self.candidates = candidates
  }

  /// Number of decoder passes without early stops: the denoising steps and the final pass of every sequence. A sequence that is
  /// not divided into steps counts as one.
  package var passes: Int { candidates * ((steps ?? 0) + 1) }
}

extension Effort {
  /// Numbers of steps between which quality differs; Models/MODEL_CARD.md shows the quality of each.
  private static let rungs = [100, 50, 20, 10, 5, 3, 2]

  /// The efforts that can replace the requested one, from the largest to the smallest: fewer steps down to two, then half the
  /// sequences down to one, then a single step.
  ///
  /// Steps are reduced first because that costs least: with clamping, two steps are almost as good as ten.
  package static func ladder(from asked: Effort) -> [Effort] {
    var ladder = [asked]
    if let steps = asked.steps {
      ladder += rungs.filter { $0 < steps }.map { Effort(steps: $0, candidates: asked.candidates) }
    }
    var last = ladder[ladder.count - 1]
    while last.candidates > 1 {
      last.candidates /= 2
      ladder.append(last)
    }
    if let steps = last.steps, steps > 1 { ladder.append(Effort(steps: 1, candidates: 1)) }
    return ladder
  }
}
