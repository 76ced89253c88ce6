// SPDX-License-Identifier: Apache-2.0

import Tensors

/// After how much of the stream a count is worth half: tweets, or time where lines say theirs.
package enum HalfLife: Equatable, Sendable, CustomStringConvertible {
  case tweets(Int)
  case seconds(Int)

  /// The longest: a billion tweets, some thirty years.
  package static let maximum = 1_000_000_000

  /// "200" for tweets; "90s", "30m", "6h" or "2d" for time. Nil for anything else.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number > 0, number <= Self.maximum else { return nil }
    let unit: Int
    switch text.dropFirst(digits.count) {
    case "":
      self = .tweets(number)
      return
    case "s": unit = 1
    case "m": unit = 60
    case "h": unit = 3600
    case "d": unit = 86_400
    default: return nil
    }
    guard number * unit <= Self.maximum else { return nil }
    self = .seconds(number * unit)
  }

  package var description: String {
    switch self {
    case .tweets(let count): "\(count)"
    case .seconds(let seconds): "\(seconds)s"
    }
  }

  /// Ticks of its clock.
  var ticks: Double {
    switch self {
    case .tweets(let count): Double(count)
    case .seconds(let seconds): Double(seconds)
    }
  }

  /// Whether its clock shows the lines' times.
  var isTime: Bool { if case .seconds = self { true } else { false } }
}

/// How counts fall: the slow one by the half-life, the fast one by 3/20 of it (200 and 30 tweets).
struct Decay: Sendable {
  private let slow: Double
  private let fast: Double
  private static let fastShare = 0.15
  private static let logarithmOfTwo = 0.6931471805599453

  init(_ halfLife: HalfLife) {
    slow = Self.logarithmOfTwo / halfLife.ticks
    fast = slow / Self.fastShare
  }

  /// The factor by which a count decays in some ticks. Every machine computes the same bits.
  func left(after ticks: Double) -> (slow: Double, fast: Double) {
    (Self.power(ticks * slow), Self.power(ticks * fast))
  }

  /// Orders slow counts of different ticks as they are at any later one: ln of the count, less what it has lost since tick 0.
  func order(_ count: DecayedCount) -> Double { DeterministicMath.log(count.slow) + count.tick * slow }

  private static func power(_ exponent: Double) -> Double {
    exponent <= 0 ? 1 : exponent < 700 ? DeterministicMath.exp(-exponent) : 0
  }
}

/// A count that loses its worth as the stream goes on, reckoned only where it is asked for or grows.
struct DecayedCount: Equatable, Sendable {
  private(set) var slow = 0.0
  private(set) var fast = 0.0
  private(set) var tick = 0.0

  /// Its values at a later tick.
  func values(at tick: Double, _ decay: Decay) -> (slow: Double, fast: Double) {
    let left = decay.left(after: tick - self.tick)
    return (slow * left.slow, fast * left.fast)
  }

  /// One more, at a tick that is not before the last one.
  mutating func add(at tick: Double, _ decay: Decay) {
    let (slow, fast) = values(at: tick, decay)
    (self.slow, self.fast, self.tick) = (slow + 1, fast + 1, tick)
  }
}
