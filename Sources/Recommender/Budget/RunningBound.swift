// SPDX-License-Identifier: Apache-2.0
/// An upper bound of the time that the next piece of work takes, estimated from the earlier times.
///
/// It is the running mean plus four times the running deviation (Jacobson, Congestion Avoidance and Control, 1988; RFC 6298
/// uses it for round-trip times).
struct RunningBound: Equatable, Sendable {
  private(set) var mean = 0.0
  private var deviation = 0.0
  /// The shortest time so far.
  private var least = Double.infinity

  /// Adds a measured time, in seconds.
  mutating func add(_ time: Double) {
    if least == .infinity {
      (mean, deviation) = (time, time / 8)
    } else {
      deviation += (abs(time - mean) - deviation) / 4
      mean += (time - mean) / 8
    }
    least = min(least, time)
  }

  /// Moves the bound a little towards the shortest time so far.
  ///
  /// Call it for work that was skipped because the bound was too large. Without this, a single slow moment of the machine
  /// would keep the bound large for ever.
  mutating func relax() {
    guard isKnown else { return }
    mean += (least - mean) / 32
    deviation -= deviation / 32
  }

  /// Whether a time has been added.
  var isKnown: Bool { least < .infinity }

  /// The bound in seconds: infinite before the first time, and at least an eighth above the mean.
  var bound: Double { isKnown ? mean + 4 * max(deviation, mean / 32) : .infinity }
}
