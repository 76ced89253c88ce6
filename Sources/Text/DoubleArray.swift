// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A trie of byte strings, each with a number, in one array of uint32: the double array of darts-clone (Yata), in which
/// SentencePiece stores its charsmaps. A step takes one or two array reads, and nothing is unpacked at the start.
///
/// Bits 0 to 7 of a unit are its label; bit 8 says that a key ends at the unit's child with label 0, whose unit is a number with
/// bit 31 set; bit 9 says that the offset counts 256s; bits 10 to 30 are the offset. A unit's children are at its own place
/// XOR its offset XOR their labels. No key has a zero byte.
///
/// The array is not trusted: a place outside it ends the walk, and a number may be anything below 2^31.
struct DoubleArray: Sendable, Equatable {
  /// A unit's children are at `base` XOR their labels.
  typealias Base = Int

  let units: Elements<UInt32>

  /// Where the walk of a key begins. Nil if the array is empty.
  var root: Base? { units.count > 0 ? Self.offset(units[0]) : nil }

  /// Follows one byte of a key.
  ///
  /// - Returns: false if no key continues with this byte. Otherwise `number` is that of the key that ends here, or -1.
  @inline(__always)
  func follow(_ byte: UInt8, from base: inout Base, number: inout Int32) -> Bool {
    let place = base ^ Int(byte)
    guard place < units.count else { return false }
    let unit = units[place]
    guard unit & 0x8000_00FF == UInt32(byte) else { return false }
    base = place ^ Self.offset(unit)
    number = unit & 0x100 != 0 && base < units.count ? Int32(bitPattern: units[base] & 0x7FFF_FFFF) : -1
    return byte != 0
  }

  /// The number of the key with exactly these bytes, or nil.
  func number(of key: some Sequence<UInt8>) -> Int32? {
    guard var base = root else { return nil }
    defer { withExtendedLifetime(units) {} }
    var number: Int32 = -1
    for byte in key {
      guard follow(byte, from: &base, number: &number) else { return nil }
    }
    return number < 0 ? nil : number
  }

  @inline(__always)
  static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }
}
