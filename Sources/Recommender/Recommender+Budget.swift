// SPDX-License-Identifier: Apache-2.0

import Tensors

/// What a time budget is enough for on this machine.
package enum BudgetForecast: Equatable, Sendable {
  /// The generator, or some of what was asked of it.
  case generator
  /// An answer without the generator.
  case withoutGenerator
  /// Nothing: an answer without the generator takes about this long.
  case nothing(least: Duration)
}

extension Recommender {
  /// Measures how long the parts of an answer take on this machine, on two made-up tweets, so that the first line keeps its
  /// budget, too. Each is answered twice, and measured the second time: the first one brings the files into memory.
  ///
  /// - Returns: what the budget is enough for; nil without one.
  package func calibrate(in workspace: Workspace) throws(TensorError) -> BudgetForecast? {
    guard let budget else { return nil }
    for text in TimeBudget.samples {
      for isCounted in [false, true] {
        var pace: Pace? = Pace(budget, isLearning: true)
        _ = try recommend([Query(text: text)], pace: &pace, in: workspace)
        _ = pace?.end(isCounted: isCounted)
      }
    }
    return budget.policy.forecast(limit: budget.limit.inSeconds, budget.estimates)
  }
}

extension BudgetPolicy {
  /// What a limit, in seconds, is enough for with a tweet of middle length.
  func forecast(limit: Double, _ estimates: TimeEstimates) -> BudgetForecast {
    let fixed = estimates.fixed.mean
    if fixed > limit { return .nothing(least: .seconds(fixed)) }
    // The policy takes off the bound of what comes last; the mean of the fixed part has it already.
    let rest = limit - fixed + estimates.finish.mean
    let effort = effort(within: rest, tokens: estimates.token.isKnown ? Self.middleLength : 0, estimates)
    return effort != nil ? .generator : .withoutGenerator
  }

  /// Tokens of a source that is neither short nor long.
  private static let middleLength = 48
}
