// SPDX-License-Identifier: Apache-2.0
/// Small helpers over UTF-8 bytes.
enum UTF8Bytes {
  /// The scalar at `position`; moves `position` past it. A byte that is not valid UTF-8 reads as U+FFFD.
  @inline(__always)
  static func next(in bytes: [UInt8], at position: inout Int) -> UInt32 {
    let first = bytes[position]
    position += 1
    if first < 0x80 { return UInt32(first) }
    let length = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
    guard first >= 0xC2, first < 0xF5, position + length <= bytes.count else { return 0xFFFD }
    var scalar = UInt32(first) & (0x3F >> UInt32(length))
    for i in 0..<length {
      let byte = bytes[position + i]
      guard byte & 0xC0 == 0x80 else { return 0xFFFD }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    let isShortest = scalar >= (length == 1 ? 0x80 : length == 2 ? 0x800 : 0x10000)
    guard isShortest, scalar < 0x110000, scalar & 0x1F_F800 != 0xD800 else { return 0xFFFD }
    position += length
    return scalar
  }

  /// Appends the UTF-8 form of `scalar`.
  @inline(__always)
  static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: scalar))
      return
    }
    if scalar < 0x800 {
      bytes.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
    } else {
      if scalar < 0x10000 {
        bytes.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
      } else {
        bytes.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
        bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F))
      }
      bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
    }
    bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
  }
}
