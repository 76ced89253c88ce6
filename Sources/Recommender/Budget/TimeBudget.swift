// SPDX-License-Identifier: Apache-2.0

import Generation
import Synchronization

/// The time that an answer may take, and what has been learned about how long its parts take on this machine.
///
/// Shared between threads: each tweet looks at the estimates once when it begins, and adds to them once when it ends.
final class TimeBudget: Sendable {
  let limit: Duration
  let policy: BudgetPolicy
  private let learned = Mutex(TimeEstimates())

  /// - Parameter ladder: what the generator can be asked for, from the most to the least; empty without a generator.
  init(limit: Duration, ladder: [Effort]) {
    self.limit = limit
    policy = BudgetPolicy(ladder: ladder)
  }

  var estimates: TimeEstimates { learned.withLock { $0 } }

  func learn(_ change: (inout TimeEstimates) -> Void) { learned.withLock { change(&$0) } }

  /// Tweets to measure on before the first line comes: a short one, and one that fills most of the networks' sources.
  static let samples = [
    "Water is rising near the bridge, families need boats",
    (1...5).map { "Report \($0): roads are closed after the storm, shelters are open at the school, bring blankets and food." }
      .joined(separator: " "),
  ]
}

/// What a tweet's answer took of its budget, and what was left out to keep it.
package struct BudgetUse: Equatable, Sendable {
  package var limit: Duration
  /// From the tweet's text to its ranked hashtags; not the time it waited for its turn.
  package var taken: Duration
  /// What the generator was asked for; nil where there was no time for it, or no generator.
  package var effort: Effort?

  package var isMet: Bool { taken <= limit }
}

/// The clock of one tweet.
struct Pace: GenerationPace {
  private let budget: TimeBudget
  private let estimates: TimeEstimates
  /// To learn, the least is done of everything, whatever time it takes.
  private let isLearning: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// When the part in hand began.
  private var mark: ContinuousClock.Instant
  /// Seconds before the generator, and of its parts as far as there have been any.
  private var before: Double?
  private var perToken: Double?
  private var perPass: Double?
  private var tokens = 0
  private var effort: Effort?

  init(_ budget: TimeBudget, isLearning: Bool = false) {
    self.budget = budget
    self.isLearning = isLearning
    estimates = budget.estimates
    start = clock.now
    mark = start
  }

  private var remaining: Double { (budget.limit - (clock.now - start)).inSeconds }

  /// The seconds of the part in hand, which ends here.
  private mutating func lap() -> Double {
    let now = clock.now
    defer { mark = now }
    return (now - mark).inSeconds
  }

  mutating func startGenerator(tokens: Int) -> Bool {
    before = lap()
    self.tokens = tokens
    return isLearning || budget.policy.effort(within: remaining, tokens: tokens, estimates) != nil
  }

  mutating func chooseEffort() -> Effort? {
    let seconds = lap()
    if tokens > 0 { perToken = seconds / Double(tokens) }
    effort = isLearning ? budget.policy.ladder.last : budget.policy.effort(within: remaining, tokens: 0, estimates)
    return effort
  }

  mutating func finishGenerator(passes: Int) { perPass = lap() / Double(max(1, passes)) }

  /// The answer is there.
  ///
  /// - Parameter isCounted: whether its times are learned from.
  mutating func end(isCounted: Bool = true) -> BudgetUse {
    let finish = lap()
    if isCounted {
      budget.learn { estimates in
        estimates.fixed.add((before ?? 0) + finish)
        guard before != nil else { return }
        estimates.finish.add(finish)
        if let perToken { estimates.token.add(perToken) } else { estimates.token.relax() }
        if let perPass { estimates.pass.add(perPass) } else { estimates.pass.relax() }
      }
    }
    return BudgetUse(limit: budget.limit, taken: mark - start, effort: effort)
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
