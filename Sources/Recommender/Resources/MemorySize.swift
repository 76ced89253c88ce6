// SPDX-License-Identifier: Apache-2.0
/// A number of bytes, written with units of 1,024: "96M", "1G".
package struct MemorySize: Equatable, Sendable, CustomStringConvertible {
  package var bytes: Int

  package init(bytes: Int) { self.bytes = bytes }

  /// Reads a whole number of bytes, or of KiB, MiB or GiB with the suffix K, M or G (also "KiB" or "KB"). Nil for any other
  /// text and for a number that does not fit in 64 bits.
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

  /// The size in MiB, rounded up to a tenth, so that a printed size is always enough as a limit.
  package var description: String {
    let mebi = 1 << 20
    let tenths = bytes / mebi * 10 + (bytes % mebi * 10 + mebi - 1) / mebi
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
