// SPDX-License-Identifier: Apache-2.0
/// How far two vectors are from each other.
package enum Agreement {
  /// Largest difference of two elements; infinite where the counts differ or something is no number.
  package static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count, !a.isEmpty else { return .infinity }
    return zip(a, b).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }

  /// Cosine of the angle between them; -1 where the counts differ.
  package static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return -1 }
    var (aa, bb, ab) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
      ab += Double(x) * Double(y)
    }
    return ab / (aa * bb).squareRoot()
  }

  /// The share of places where both have the same value.
  package static func share(_ a: [Int32], _ b: [Int32]) -> Double {
    guard a.count == b.count, !a.isEmpty else { return 0 }
    return Double(zip(a, b).filter { $0 == $1 }.count) / Double(a.count)
  }
}
