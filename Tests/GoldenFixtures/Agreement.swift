// SPDX-License-Identifier: Apache-2.0
/// Measures how well two vectors agree.
package enum Agreement {
  /// The largest difference of two elements; infinite if the counts differ or an element is not a number.
  package static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count, !a.isEmpty else { return .infinity }
    return zip(a, b).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }

  /// The cosine similarity; -1 if the counts differ.
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

  /// The share of positions with the same value in both.
  package static func share(_ a: [Int32], _ b: [Int32]) -> Double {
    guard a.count == b.count, !a.isEmpty else { return 0 }
    return Double(zip(a, b).filter { $0 == $1 }.count) / Double(a.count)
  }
}
