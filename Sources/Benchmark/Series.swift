// SPDX-License-Identifier: Apache-2.0

import Evaluation
import System

/// Times of the same work, in seconds.
package struct Series: Equatable, Sendable {
  package let seconds: [Double]

  package init(seconds: [Double]) { self.seconds = seconds }

  package var median: Double { Statistics.median(seconds) }
  /// The spread: a quarter of the times lies below the one, a quarter above the other.
  package var quartiles: (lower: Double, upper: Double) {
    (Statistics.quantile(seconds, 0.25), Statistics.quantile(seconds, 0.75))
  }
  /// The least, which a busy machine disturbs least.
  package var least: Double { seconds.min() ?? 0 }
}

/// Takes times: some rounds that do not count, so that files and code are in memory, then those that do.
package struct Stopwatch: Sendable {
  package var clock: StopwatchClock
  package let warmUp: Int
  package let repetitions: Int

  package init(warmUp: Int, repetitions: Int, clock: StopwatchClock = .wall) {
    (self.warmUp, self.repetitions, self.clock) = (warmUp, repetitions, clock)
  }

  /// The times of `body`, called once a round.
  package func measure(_ scope: StopwatchClock.Scope = .thread, _ body: () throws -> Void) rethrows -> Series {
    try measure(each: [()], scope) { _ in try body() }
  }

  /// The times of `body` of every item, called once a round for each.
  package func measure<Item>(
    each items: [Item], _ scope: StopwatchClock.Scope = .thread, _ body: (Item) throws -> Void
  ) rethrows -> Series {
    for _ in 0..<warmUp { for item in items { try body(item) } }
    var seconds: [Double] = []
    seconds.reserveCapacity(repetitions * items.count)
    for _ in 0..<repetitions {
      for item in items {
        let start = clock.now(scope)
        try body(item)
        seconds.append(clock.now(scope) - start)
      }
    }
    return Series(seconds: seconds)
  }
}
