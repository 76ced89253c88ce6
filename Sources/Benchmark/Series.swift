import Evaluation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Times of the same work, in seconds.
public struct Series: Equatable, Sendable {
  public let seconds: [Double]

  public init(seconds: [Double]) { self.seconds = seconds }

  public var median: Double { Statistics.median(seconds) }
  /// The spread: a quarter of the times lies below the one, a quarter above the other.
  public var quartiles: (lower: Double, upper: Double) {
    (Statistics.quantile(seconds, 0.25), Statistics.quantile(seconds, 0.75))
  }
  /// The least, which a busy machine disturbs least.
  public var least: Double { seconds.min() ?? 0 }
}

/// What a stopwatch reads.
public enum StopwatchClock: String, CaseIterable, Sendable {
  /// The time that passes, whatever else the machine does.
  case wall
  /// The processor's time that the measuring thread takes: on a busy machine, what it would take alone, nearly.
  case processor

  fileprivate var now: Double {
    var time = timespec()
    clock_gettime(self == .wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Takes times: some rounds that do not count, so that files and code are in memory, then those that do.
public struct Stopwatch: Sendable {
  public var clock: StopwatchClock
  public let warmUp: Int
  public let repetitions: Int

  public init(warmUp: Int, repetitions: Int, clock: StopwatchClock = .wall) {
    (self.warmUp, self.repetitions, self.clock) = (warmUp, repetitions, clock)
  }

  /// The same on the wall's clock, for work of other threads or processes.
  var byWall: Stopwatch { Stopwatch(warmUp: warmUp, repetitions: repetitions) }

  /// The times of `body`, called once a round.
  public func measure(_ body: () throws -> Void) rethrows -> Series {
    try measure(each: [()]) { _ in try body() }
  }

  /// The times of `body` of every item, called once a round for each.
  public func measure<Item>(each items: [Item], _ body: (Item) throws -> Void) rethrows -> Series {
    for _ in 0..<warmUp { for item in items { try body(item) } }
    var seconds: [Double] = []
    seconds.reserveCapacity(repetitions * items.count)
    for _ in 0..<repetitions {
      for item in items {
        let start = clock.now
        try body(item)
        seconds.append(clock.now - start)
      }
    }
    return Series(seconds: seconds)
  }
}
