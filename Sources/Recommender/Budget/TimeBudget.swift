// SPDX-License-Identifier: Apache-2.0

import Generation
import Synchronization

/// The time limit of an answer, and the measured times of its parts on this machine.
///
/// Threads share it. Each tweet reads the estimates once at its start and adds to them once at its end.
final class TimeBudget: Sendable {
  let limit: Duration
  let policy: BudgetPolicy
  private let learned = Mutex(TimeEstimates())

  /// - Parameter ladder: the generator's efforts, from the largest to the smallest; empty without a generator.
  init(limit: Duration, ladder: [Effort]) {
    self.limit = limit
    policy = BudgetPolicy(ladder: ladder)
  }

  var estimates: TimeEstimates { learned.withLock { $0 } }

  func learn(_ change: (inout TimeEstimates) -> Void) { learned.withLock { change(&$0) } }

  /// Tweets for the measurement before the first line: a short one, and one that fills most of the networks' input.
  static let samples = [
    "Water is rising near the bridge, families need boats",
    (1...5).map { "Report \($0): roads are closed after the storm, shelters are open at the school, bring blankets and food." }
      .joined(separator: " "),
  ]
}

/// The time that a tweet's answer took, and the effort that its budget allowed.
package struct BudgetUse: Equatable, Sendable {
  package var limit: Duration
  /// The time from the tweet's text to its ranked hashtags, without waiting for its turn.
  package var taken: Duration
  /// The generator's effort; nil if there was no time for it, or no generator.
  package var effort: Effort?

  package var isMet: Bool { taken <= limit }
}

/// The clock of one tweet.
struct Pace: GenerationPace {
  private let budget: TimeBudget
  private let estimates: TimeEstimates
  /// While learning, the generator does its smallest effort, even if the budget is too small.
  private let isLearning: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// The start of the current part.
  private var mark: ContinuousClock.Instant
  /// Seconds before the generator, and seconds of its parts if it ran.
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

  /// Ends the current part and returns its seconds.
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

  /// Ends the answer.
  ///
  /// - Parameter isCounted: whether the estimates learn from its times.
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
