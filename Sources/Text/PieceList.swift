// SPDX-License-Identifier: Apache-2.0
/// Pieces by number, contiguous in memory. They are bytes, because canonically equivalent pieces are different pieces.
struct PieceList: Sendable, Equatable {
  private(set) var bytes: [UInt8] = []
  /// The start of each piece, and the end of the last one.
  private(set) var starts: [Int] = [0]

  var count: Int { starts.count - 1 }

  mutating func append(_ piece: some Collection<UInt8>) {
    bytes.append(contentsOf: piece)
    starts.append(bytes.count)
  }

  /// The bytes of piece `number`, which must be less than `count`.
  subscript(number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

  /// Whether `left` followed by `right` spells `result`.
  func isJoin(_ left: Int, _ right: Int, _ result: Int) -> Bool {
    let (first, second, whole) = (self[left], self[right], self[result])
    return first.count + second.count == whole.count && whole.starts(with: first)
      && whole.dropFirst(first.count).elementsEqual(second)
  }
}

/// Unsigned integers of variable length (LEB128): 7 bits a byte, least significant first; the high bit marks a continuation.
enum VariableLength {
  static func append(_ number: Int, to bytes: inout [UInt8]) {
    var rest = UInt(bitPattern: number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The number at `position`; moves `position` past it. Nil if the bytes end or the number exceeds 2^28 - 1.
  static func next(in bytes: [UInt8], at position: inout Int) -> Int? {
    var number = 0
    var shift = 0
    while position < bytes.count, shift < 28 {
      let byte = bytes[position]
      position += 1
      number |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }
}
