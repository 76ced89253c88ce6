// SPDX-License-Identifier: Apache-2.0

import Tensors

/// What a time budget allows on this machine.
package enum BudgetForecast: Equatable, Sendable {
  /// The generator, with all or some of the requested effort.
  case generator
  /// An answer without the generator.
  case withoutGenerator
  /// No answer: even without the generator it takes about `least`.
  case nothing(least: Duration)
}

extension Recommender {
  /// Measures how long the parts of an answer take on this machine, so that the first line also keeps its budget.
  ///
  /// It answers two made-up tweets twice each and measures the second time, because the first answer loads the files into
  /// memory.
  ///
  /// - Returns: what the budget allows; nil without a budget.
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
  /// What a limit in seconds allows for a tweet of medium length.
  func forecast(limit: Double, _ estimates: TimeEstimates) -> BudgetForecast {
    let fixed = estimates.fixed.mean
    if fixed > limit { return .nothing(least: .seconds(fixed)) }
    // The policy subtracts the bound of the finish, which the mean of the fixed part already contains.
    let rest = limit - fixed + estimates.finish.mean
    let effort = effort(within: rest, tokens: estimates.token.isKnown ? Self.middleLength : 0, estimates)
    return effort != nil ? .generator : .withoutGenerator
  }

  /// The tokens of a source of medium length.
  private static let middleLength = 48
}
