// SPDX-License-Identifier: Apache-2.0
/// A sum of doubles that is rounded only once, at the end, so that a figure does not depend on the order of the tweets.
///
/// It keeps Shewchuk's partial sums, as Python's `math.fsum` does.
package struct ExactSum: Sendable {
  /// Non-overlapping partial sums, smallest first. Their exact total is the sum.
  private var partials: [Double] = []

  package init() {}

  /// Adds a finite number.
  package mutating func add(_ number: Double) {
    var x = number
    var kept = 0
    for partial in partials {
      let (large, small) = abs(x) < abs(partial) ? (partial, x) : (x, partial)
      let high = large + small
      let low = small - (high - large)
      if low != 0 {
        partials[kept] = low
        kept += 1
      }
      x = high
    }
    partials.removeSubrange(kept...)
    partials.append(x)
  }

  /// The sum, rounded once.
  package var value: Double {
    guard var high = partials.last else { return 0 }
    var low = 0.0
    var index = partials.count - 1
    while index > 0 {
      index -= 1
      let x = high
      high = x + partials[index]
      low = partials[index] - (high - x)
      if low != 0 { break }
    }
    // Halfway between two doubles: the partials below decide which way to round.
    if index > 0, (low < 0 && partials[index - 1] < 0) || (low > 0 && partials[index - 1] > 0) {
      let doubled = low * 2
      let next = high + doubled
      if doubled == next - high { high = next }
    }
    return high
  }
}
