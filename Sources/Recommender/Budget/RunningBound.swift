// SPDX-License-Identifier: Apache-2.0
/// An upper bound for how long the next piece of work takes, from how long the last ones took: their running mean plus four
/// times their running deviation (Jacobson, Congestion Avoidance and Control, 1988; RFC 6298 for round-trip times).
struct RunningBound: Equatable, Sendable {
  private(set) var mean = 0.0
  private var deviation = 0.0
  /// The shortest so far.
  private var least = Double.infinity

  /// Takes in a time, in seconds.
  mutating func add(_ time: Double) {
    if least == .infinity {
      (mean, deviation) = (time, time / 8)
    } else {
      deviation += (abs(time - mean) - deviation) / 4
      mean += (time - mean) / 8
    }
    least = min(least, time)
  }

  /// Forgets a little of what made it large, down to the shortest time so far. For work that was not done because the
  /// bound was too large: without, one hiccup of the machine would be remembered for ever.
  mutating func relax() {
    guard isKnown else { return }
    mean += (least - mean) / 32
    deviation -= deviation / 32
  }

  /// Whether there has been a time.
  var isKnown: Bool { least < .infinity }

  /// Seconds; infinite before the first time. Never less than an eighth above the mean.
  var bound: Double { isKnown ? mean + 4 * max(deviation, mean / 32) : .infinity }
}
