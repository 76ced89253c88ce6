// SPDX-License-Identifier: Apache-2.0

import Generation

/// What the parts of an answer take, in seconds at worst.
struct TimeEstimates: Equatable, Sendable {
  /// The generator's encoder, for each token of its source.
  var token = RunningBound()
  /// One pass through the generator's decoder.
  var pass = RunningBound()
  /// What comes after the generator: features and ranking.
  var finish = RunningBound()
  /// All but the generator.
  var fixed = RunningBound()
}

/// Chooses how much the generator does in the time that is left.
struct BudgetPolicy: Equatable, Sendable {
  /// From the most to the least; see `Effort.ladder`.
  let ladder: [Effort]

  /// The first effort of the ladder that ends in time by the estimates; nil where none does.
  ///
  /// - Parameters:
  ///   - remaining: seconds until the answer is due.
  ///   - tokens: of a source that has not been encoded yet; 0 for one that has.
  func effort(within remaining: Double, tokens: Int, _ estimates: TimeEstimates) -> Effort? {
    var rest = remaining - estimates.finish.bound
    if tokens > 0 { rest -= Double(tokens) * estimates.token.bound }
    return ladder.first { Double($0.passes) * estimates.pass.bound <= rest }
  }
}
