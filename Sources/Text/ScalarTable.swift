// SPDX-License-Identifier: Apache-2.0
/// A number for each Unicode scalar, in two stages: most blocks of 128 scalars hold a single value and are shared.
///
/// It is unpacked once from a string of `UnicodeTables`. A look-up takes two array reads and yields 0 beyond U+10FFFF.
struct ScalarTable: Sendable {
  private static let blockBits: UInt32 = 7
  private static let blockSize = 1 << 7
  private static let blockCount = 0x110000 >> 7

  private var blocks: [UInt16]
  private var values: [UInt32]

  /// Unpacks runs of (gap, length, value). `adjust` maps a run's value to a scalar's value, for stored differences.
  ///
  /// - Complexity: linear in the runs and in the blocks that are not uniform.
  init(packed: String, adjust: (_ value: UInt32, _ scalar: UInt32) -> UInt32 = { value, _ in value }) {
    blocks = [UInt16](repeating: 0, count: Self.blockCount)
    values = [UInt32](repeating: 0, count: Self.blockSize)
    values.reserveCapacity(Self.blockSize * 400)
    var uniform: [UInt32: UInt16] = [0: 0]
    var numbers = PackedNumbers(packed)
    var end = 0
    while let gap = numbers.next(), let length = numbers.next(), let value = numbers.next() {
      var position = end + Int(gap)
      end = position + Int(length)
      while position < end {
        let block = position >> 7
        let stop = min(end, (block + 1) << 7)
        let isWhole = stop - position == Self.blockSize && adjust(value, 0) == adjust(value, 1)
        if isWhole {
          blocks[block] = sharedBlock(of: adjust(value, 0), in: &uniform)
        } else {
          let first = ownBlock(block)
          for scalar in position..<stop {
            values[first + (scalar & (Self.blockSize - 1))] = adjust(value, UInt32(scalar))
          }
        }
        position = stop
      }
    }
  }

  /// The value of `scalar`.
  @inline(__always)
  subscript(scalar: UInt32) -> UInt32 {
    let block = Int(scalar >> Self.blockBits)
    guard block < blocks.count else { return 0 }
    return values[Int(blocks[block]) << 7 | Int(scalar & 0x7F)]
  }

  private mutating func sharedBlock(of value: UInt32, in uniform: inout [UInt32: UInt16]) -> UInt16 {
    if let known = uniform[value] { return known }
    let number = UInt16(values.count >> 7)
    values.append(contentsOf: repeatElement(value, count: Self.blockSize))
    uniform[value] = number
    return number
  }

  /// The first index in `values` of a block that only `block` uses.
  private mutating func ownBlock(_ block: Int) -> Int {
    if blocks[block] == 0 {
      blocks[block] = UInt16(values.count >> 7)
      values.append(contentsOf: repeatElement(0, count: Self.blockSize))
    }
    return Int(blocks[block]) << 7
  }
}

/// Decodes the numbers of a `UnicodeTables` string: base 32, least significant digit first. A digit is '0' + value, and 32 more
/// while digits follow.
struct PackedNumbers {
  private var bytes: String.UTF8View.Iterator

  init(_ packed: String) {
    bytes = packed.utf8.makeIterator()
  }

  /// The next number, or nil at the end.
  mutating func next() -> UInt32? {
    var number: UInt32 = 0
    var shift: UInt32 = 0
    while let byte = bytes.next() {
      guard byte >= 0x30 else { continue }  // line ends of the string literal
      number |= UInt32((byte - 0x30) & 31) << shift
      if byte - 0x30 < 32 { return number }
      shift += 5
    }
    return nil
  }

  /// Lists of numbers, each stored after its length.
  static func lists(_ packed: String) -> [[UInt32]] {
    var numbers = PackedNumbers(packed)
    var result: [[UInt32]] = []
    while let count = numbers.next() {
      result.append((0..<count).compactMap { _ in numbers.next() })
    }
    return result
  }
}
