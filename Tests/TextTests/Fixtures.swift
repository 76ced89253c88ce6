// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads the files of this target's Fixtures folder.
enum Fixtures {
  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Fixtures/" + name)))
  }

  static func lines(_ name: String) throws -> [String] {
    try String(decoding: bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// One JSON value a line.
  static func rows<Row: Decodable>(_ name: String, as type: Row.Type) throws -> [Row] {
    let decoder = JSONDecoder()
    return try bytes(name).split(separator: 0x0A).map { try decoder.decode(type, from: Data($0)) }
  }

  /// Rows of a block file: the first scalar, then the hashes, all in hexadecimal.
  static func blocks(_ name: String) throws -> [(first: UInt32, hashes: [UInt64])] {
    try lines(name).map { line in
      let numbers = line.split(separator: "\t").map { UInt64($0, radix: 16) ?? 0 }
      return (UInt32(numbers[0]), Array(numbers.dropFirst()))
    }
  }

  /// The scalars of the block of 1,024 that begins at `first`.
  static func scalars(from first: UInt32) -> [Unicode.Scalar] {
    (first..<first + 1024).compactMap(Unicode.Scalar.init)
  }

  /// Whether the block is tested in every context. Planes 4 to 13, 15 and 16 have no characters for which context matters.
  static func hasContexts(_ first: UInt32) -> Bool { first < 0x40000 || first >> 16 == 14 }

  /// `scalar` in its context, as UTF-8 bytes, because string interpolation is slow in debug builds.
  static func bytes(of scalar: Unicode.Scalar, in context: (before: String, after: String)) -> [UInt8] {
    var bytes = Array(context.before.utf8)
    bytes += scalar.utf8
    bytes += context.after.utf8
    return bytes
  }

  /// The block's scalars, each in its context, joined by spaces.
  static func cases(from first: UInt32, in context: (before: String, after: String)) -> [UInt8] {
    Array(scalars(from: first).map { bytes(of: $0, in: context) }.joined(separator: [0x20]))
  }

  /// FNV-1a, as in the fixture scripts.
  static func hash(_ bytes: [UInt8], after start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    var state = start
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return state
  }

  static func hash(ids: [Int32]) -> UInt64 {
    var bytes: [UInt8] = []
    for id in ids {
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: id >> shift)) }
    }
    return hash(bytes)
  }
}
