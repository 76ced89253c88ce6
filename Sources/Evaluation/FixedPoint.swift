// SPDX-License-Identifier: Apache-2.0
/// Numbers with a fixed number of decimals, rounded as printf and Python do, without a locale and without Foundation.
package enum FixedPoint {
  /// `value` with `places` decimals (at most 9); ties go by the exact binary value, exact ties to even.
  ///
  ///     FixedPoint.text(32.4, places: 2)  // "32.40"
  package static func text(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let places = min(max(places, 0), 9)
    let scale = (0..<places).reduce(1.0) { power, _ in power * 10 }
    let magnitude = abs(value)
    let scaled = magnitude * scale
    guard scaled < 0x1p53 else { return value.description }
    var rounded = scaled.rounded(.toNearestOrEven)
    if scaled - scaled.rounded(.down) == 0.5 {
      // The product itself was rounded to the tie: what it lost says on which side the value lies.
      let lost = (-scaled).addingProduct(magnitude, scale)
      if lost > 0 { rounded = scaled.rounded(.up) } else if lost < 0 { rounded = scaled.rounded(.down) }
    }
    let digits = String(UInt64(rounded))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
    let whole = padded.dropLast(places)
    return (value.sign == .minus ? "-" : "") + whole + (places == 0 ? "" : "." + padded.suffix(places))
  }
}
