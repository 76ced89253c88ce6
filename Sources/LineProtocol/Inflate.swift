// SPDX-License-Identifier: Apache-2.0
/// Unpacks gzip (RFC 1952) and the deflate streams in it (RFC 1951), so that corpora can stay packed.
///
/// Every read is checked and the CRC-32 and the length at the end are compared; output is bounded by what deflate can
/// make of the input (1032 to 1), so no file makes it take more memory than its size justifies.
package enum Gzip {
  /// What is wrong with a packed file, and at which byte.
  package struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    package let offset: Int
    package let rule: String
    package var description: String { "gzip: \(rule) at byte \(offset)" }
  }

  /// Whether the bytes begin like a gzip file.
  package static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The contents of all members of a gzip file. Complexity: O(output).
  package static func unpack(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    repeat {
      position = try skipHeader(bytes, at: position)
      let start = output.count
      var inflater = Inflater(input: bytes, position: position)
      try inflater.run(into: &output)
      position = inflater.bytePosition
      guard position + 8 <= bytes.count else { throw Fault(offset: position, rule: "the file is cut") }
      guard CRC32.of(output[start...]) == word(bytes, at: position) else {
        throw Fault(offset: position, rule: "the checksum does not match")
      }
      guard UInt32(truncatingIfNeeded: output.count - start) == word(bytes, at: position + 4) else {
        throw Fault(offset: position + 4, rule: "the length does not match")
      }
      position += 8
    } while position < bytes.count
    return output
  }

  private static func word(_ bytes: [UInt8], at position: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) }
  }

  private static func skipHeader(_ bytes: [UInt8], at start: Int) throws(Fault) -> Int {
    var position = start + 10
    guard position <= bytes.count, bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8 else {
      throw Fault(offset: start, rule: "no gzip member begins here")
    }
    let flags = bytes[start + 3]
    if flags & 4 != 0 {
      guard position + 2 <= bytes.count else { throw Fault(offset: position, rule: "the header is cut") }
      position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while position < bytes.count, bytes[position] != 0 { position += 1 }
      position += 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position <= bytes.count else { throw Fault(offset: bytes.count, rule: "the header is cut") }
    return position
  }
}

/// The checksum of gzip.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }
}
