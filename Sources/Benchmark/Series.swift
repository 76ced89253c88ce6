import Evaluation
import LineProtocol

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

/// Takes times: some rounds that do not count, so that files and code are in memory, then those that do.
public struct Stopwatch: Sendable {
  public let warmUp: Int
  public let repetitions: Int

  public init(warmUp: Int, repetitions: Int) {
    self.warmUp = warmUp
    self.repetitions = repetitions
  }

  /// The times of `body`, called once a round.
  public func measure(_ body: () throws -> Void) rethrows -> Series {
    let clock = ContinuousClock()
    for _ in 0..<warmUp { try body() }
    var seconds: [Double] = []
    for _ in 0..<repetitions { seconds.append(try clock.measure(body).seconds) }
    return Series(seconds: seconds)
  }

  /// The times of `body` of every item, called once a round for each.
  public func measure<Item>(each items: [Item], _ body: (Item) throws -> Void) rethrows -> Series {
    let clock = ContinuousClock()
    for _ in 0..<warmUp { for item in items { try body(item) } }
    var seconds: [Double] = []
    for _ in 0..<repetitions {
      for item in items { seconds.append(try clock.measure { try body(item) }.seconds) }
    }
    return Series(seconds: seconds)
  }
}
