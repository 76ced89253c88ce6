// SPDX-License-Identifier: Apache-2.0
/// Means, medians and quantiles of measured values; 0 without values, so that an empty run still prints.
package enum Statistics {
  package static func mean(_ values: [Double]) -> Double {
    var sum = ExactSum()
    for value in values { sum.add(value) }
    return values.isEmpty ? 0 : sum.value / Double(values.count)
  }

  package static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

  /// The quantile at `fraction` (0 to 1), interpolated linearly between neighbouring values. NaN values are ignored.
  ///
  /// - Complexity: O(n log n).
  package static func quantile(_ values: [Double], _ fraction: Double) -> Double {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard let last = sorted.last else { return 0 }
    let place = min(max(fraction.isNaN ? 0 : fraction, 0), 1) * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
  }
}
