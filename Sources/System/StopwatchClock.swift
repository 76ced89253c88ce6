// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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

  /// Seconds since some moment.
  package func now(_ scope: Scope) -> Double {
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

  /// The most bytes that this process, or whatever became it, has had resident.
  static var largestMemory: Int {
    var usage = rusage()
    // RUSAGE_SELF.
    getrusage(0, &usage)
    return usage.ru_maxrss * 1024
  }
}

extension Duration {
  /// The same as a number.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
