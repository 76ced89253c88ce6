// SPDX-License-Identifier: Apache-2.0
/// GPT-2's alphabet of 256 printable scalars, one for each byte. It spells the pieces of a byte-level BPE
/// (`bytes_to_unicode`; Radford et al., 2019): 'Ġ' is the space, 'Ċ' the line feed.
///
/// Printable Latin-1 bytes stand for themselves. The others become U+0100, U+0101, … in order.
enum ByteAlphabet {
  /// The scalar for each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (UInt32(0)...255).map { byte in
      if isItself(byte) { return byte }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte for each scalar below U+0144, or -1 if there is none.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
    return bytes
  }()

  private static func isItself(_ byte: UInt32) -> Bool {
    (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
  }

  /// The byte that `scalar` stands for, or nil outside the alphabet.
  static func byte(of scalar: UInt32) -> UInt8? {
    guard scalar < 0x144, bytes[Int(scalar)] >= 0 else { return nil }
    return UInt8(bytes[Int(scalar)])
  }

  /// Appends the bytes that a piece (UTF-8) stands for. A piece with a scalar outside the alphabet is appended unchanged.
  static func decode(_ piece: ArraySlice<UInt8>, into result: inout [UInt8]) {
    let start = result.count
    var position = piece.startIndex
    while position < piece.endIndex {
      let scalar = piece[position] < 0x80 ? UInt32(piece[position]) : twoByteScalar(piece, at: position)
      guard let byte = byte(of: scalar) else {
        result.removeSubrange(start...)
        result += piece
        return
      }
      result.append(byte)
      position += scalar < 0x80 ? 1 : 2
    }
  }

  /// Decodes a two-byte sequence. The alphabet ends before U+0800, so longer sequences need no decoding.
  private static func twoByteScalar(_ piece: ArraySlice<UInt8>, at position: Int) -> UInt32 {
    let first = piece[position]
    guard first & 0xE0 == 0xC0, position + 1 < piece.endIndex, piece[position + 1] & 0xC0 == 0x80 else { return .max }
    return UInt32(first & 0x1F) << 6 | UInt32(piece[position + 1] & 0x3F)
  }
}
