// SPDX-License-Identifier: Apache-2.0
/// Logarithm, exponential, sine and cosine in double precision, computed with additions, multiplications and divisions only.
///
/// The C library's results differ in their last bits between machines, and the same seed must give the same hashtags everywhere.
/// Errors are a few units in the last place of a double, far below a float's precision.
package enum DeterministicMath {
  /// ln x for a positive normal x: x = m 2^e, ln m = 2 artanh((m - 1) / (m + 1)), |argument| ≤ 0.172.
  package static func log(_ x: Double) -> Double {
    var exponent = Int(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var series = 0.0
    for odd in stride(from: 23, through: 1, by: -2) { series = series * square + 1 / Double(odd) }
    return 2 * s * series + Double(exponent) * 0.6931471805599453
  }

  /// e^x for |x| ≤ 700: x = n ln 2 + r, Taylor series in r.
  package static func exp(_ x: Double) -> Double {
    let n = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    let r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    var series = 1.0
    for term in stride(from: 14, through: 1, by: -1) { series = 1 + r / Double(term) * series }
    return series * Double(sign: .plus, exponent: Int(n), significand: 1)
  }

  /// (cos x, sin x) for |x| ≤ 100,000 radians.
  package static func cosineAndSine(_ x: Double) -> (cosine: Double, sine: Double) {
    let quarter = (x * 0.6366197723675814).rounded(.toNearestOrEven)
    // π/2 in two parts. The first ends in zero bits, so that its multiples are exact.
    let r = (x - quarter * 1.57079632673412561417) - quarter * 6.07710050650619224932e-11
    return quarterTurns(Int(quarter), r)
  }

  /// (cos 2πu, sin 2πu) for u in 0..<1.
  package static func cosineAndSine(turns u: Double) -> (cosine: Double, sine: Double) {
    let quarter = (u * 4).rounded(.toNearestOrEven)
    return quarterTurns(Int(quarter), (u * 4 - quarter) * 1.5707963267948966)
  }

  /// Taylor series for |r| ≤ π/4, then `count` rotations by 90°.
  private static func quarterTurns(_ count: Int, _ r: Double) -> (cosine: Double, sine: Double) {
    let square = r * r
    var cosine = 1.0
    var sine = 1.0
    for term in stride(from: 16, through: 2, by: -2) {
      cosine = 1 - square / Double(term * (term - 1)) * cosine
      sine = 1 - square / Double(term * (term + 1)) * sine
    }
    sine *= r
    switch count & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
  }
}
