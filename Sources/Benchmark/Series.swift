// SPDX-License-Identifier: Apache-2.0

import Evaluation
import System

/// Times of the same work, in seconds.
package struct Series: Equatable, Sendable {
  package let seconds: [Double]

  package init(seconds: [Double]) { self.seconds = seconds }

  package var median: Double { Statistics.median(seconds) }
  /// A quarter of the times lies below `lower`, a quarter above `upper`.
  package var quartiles: (lower: Double, upper: Double) {
    (Statistics.quantile(seconds, 0.25), Statistics.quantile(seconds, 0.75))
  }
  /// The shortest time. A busy machine affects it least.
  package var least: Double { seconds.min() ?? 0 }
}

/// Measures times. Some warm-up rounds first load files and code into memory; they are not counted.
package struct Stopwatch: Sendable {
  package var clock: StopwatchClock
  package let warmUp: Int
  package let repetitions: Int

  package init(warmUp: Int, repetitions: Int, clock: StopwatchClock = .wall) {
    (self.warmUp, self.repetitions, self.clock) = (warmUp, repetitions, clock)
  }

  /// The times of `body`, called once per round.
  package func measure(_ scope: StopwatchClock.Scope = .thread, _ body: () throws -> Void) rethrows -> Series {
    try measure(each: [()], scope) { _ in try body() }
  }

  /// The times of `body`, called once per round for each item.
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
