// SPDX-License-Identifier: Apache-2.0
/// Bytes with a unit of 1,024: "96M", "1G".
package struct MemorySize: Equatable, Sendable, CustomStringConvertible {
  package var bytes: Int

  package init(bytes: Int) { self.bytes = bytes }

  /// A whole number of bytes, or of KiB, MiB or GiB with K, M or G behind it ("KiB" or "KB" will do, too). Nil for anything
  /// else, and for what no machine has.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number > 0 else { return nil }
    let shift: Int
    switch text.dropFirst(digits.count).uppercased() {
    case "", "B": shift = 0
    case "K", "KB", "KIB": shift = 10
    case "M", "MB", "MIB": shift = 20
    case "G", "GB", "GIB": shift = 30
    default: return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    if overflow { return nil }
    self.bytes = bytes
  }

  /// In MiB, rounded up to a tenth, so that a limit of what is printed is always enough.
  package var description: String {
    let mebi = 1 << 20
    let tenths = bytes / mebi * 10 + (bytes % mebi * 10 + mebi - 1) / mebi
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
