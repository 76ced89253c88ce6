// SPDX-License-Identifier: Apache-2.0

import Generation

/// Upper bounds of the time that each part of an answer takes, in seconds.
struct TimeEstimates: Equatable, Sendable {
  /// The generator's encoder, per source token.
  var token = RunningBound()
  /// One pass of the generator's decoder.
  var pass = RunningBound()
  /// The steps after the generator: features and ranking.
  var finish = RunningBound()
  /// Everything except the generator.
  var fixed = RunningBound()
}

/// Chooses the generator's effort for the remaining time.
struct BudgetPolicy: Equatable, Sendable {
  /// From the largest effort to the smallest; see `Effort.ladder`.
  let ladder: [Effort]

  /// The largest effort that ends in time by the estimates; nil if none does.
  ///
  /// - Parameters:
  ///   - remaining: seconds until the answer is due.
  ///   - tokens: the tokens of a source that is not encoded yet; 0 for an encoded source.
  func effort(within remaining: Double, tokens: Int, _ estimates: TimeEstimates) -> Effort? {
    var rest = remaining - estimates.finish.bound
    if tokens > 0 { rest -= Double(tokens) * estimates.token.bound }
    return ladder.first { Double($0.passes) * estimates.pass.bound <= rest }
  }
}
