// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The clock that a stopwatch reads.
package enum StopwatchClock: String, CaseIterable, Sendable {
  /// Wall-clock time, which includes what else the machine does.
  case wall
  /// Processor time: on a busy machine, nearly the time that the work would take on an idle one.
  case processor

  /// The threads or processes whose time is read.
  package enum Scope: Sendable {
    case thread
    /// The time of all threads, divided by their number: the duration if each had its own processor.
    case threads(Int)
    /// Child processes that have ended.
    case children
  }

  /// Seconds since an arbitrary moment.
  package func now(_ scope: Scope) -> Double {
    if self == .processor, case .children = scope {
      var usage = rusage()
      // RUSAGE_CHILDREN. C libraries declare the constant with different types.
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

  /// The peak of resident bytes of this process, including the program that it was before exec.
  static var largestMemory: Int {
    var usage = rusage()
    // RUSAGE_SELF.
    getrusage(0, &usage)
    return usage.ru_maxrss * 1024
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
