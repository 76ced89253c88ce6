// SPDX-License-Identifier: Apache-2.0
/// How much the generator does for one tweet.
package struct Effort: Equatable, Sendable {
  /// Denoising steps; nil for a generator that cannot take fewer than it takes.
  package var steps: Int?
  /// Sequences drawn.
  package var candidates: Int

  package init(steps: Int?, candidates: Int) {
    self.steps = steps
    self.candidates = candidates
  }

  /// Passes through the decoder, early stops left out: of every sequence its steps and the final one. What cannot be
  /// divided into steps counts as one.
  package var passes: Int { candidates * ((steps ?? 0) + 1) }
}

extension Effort {
  /// Steps between which quality changes; the quality that each costs is in the README.
  private static let rungs = [100, 50, 20, 10, 5, 3, 2]

  /// What can be done instead of what was asked for, from the most to the least: fewer steps down to two, then half the
  /// sequences down to one, then a single step.
  ///
  /// Steps go first because they cost least: clamped to pieces, two lose next to nothing against ten.
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
