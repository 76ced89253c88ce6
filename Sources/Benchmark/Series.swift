// SPDX-License-Identifier: Apache-2.0

import Evaluation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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

/// What a stopwatch reads.
package enum StopwatchClock: String, CaseIterable, Sendable {
  /// The time that passes, whatever else the machine does.
  case wall
  /// The processor's time that the work takes: on a busy machine, what it would take alone, nearly.
  case processor

  /// Whose time it is.
  package enum Scope: Sendable {
    case thread
    /// All threads, over their number: what they would take with a processor each.
    case threads(Int)
    /// Programs that have been started and have ended.
    case children
  }

  fileprivate func now(_ scope: Scope) -> Double {
    if self == .processor, case .children = scope {
      var usage = rusage()
      // RUSAGE_CHILDREN, which C libraries declare by different types.
      getrusage(-1, &usage)
      return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    }
    var time = timespec()
    var divisor = 1
    switch (self, scope) {
    case (.processor, .thread): clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    case (.processor, .threads(let count)):
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      divisor = max(1, count)
    default: clock_gettime(CLOCK_MONOTONIC, &time)
    }
    return (Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9) / Double(divisor)
  }
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
