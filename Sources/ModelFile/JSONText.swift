// SPDX-License-Identifier: Apache-2.0

/// Writes the few JSON shapes that the program outputs.
package enum JSONText {
  /// A string with its quotes and escapes.
  package static func string(_ text: String) -> String {
    var result = ""
    JSONValue.appendQuoted(text, to: &result)
    return result
  }

  /// A number with a fixed number of decimals, rounded half away from zero, independent of locale and Foundation.
  ///
  /// 0 for NaN and infinity.
  package static func decimal(_ value: Double, places: Int = 4) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "0" }
    var unit = 1
    for _ in 0..<places { unit *= 10 }
    let scaled = Int((abs(value) * Double(unit)).rounded())
    let fraction = String(scaled % unit)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    return "\(sign)\(scaled / unit).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
  }
}
