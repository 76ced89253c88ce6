// SPDX-License-Identifier: Apache-2.0
/// Unpacks one deflate stream.
struct Inflater {
  private let input: [UInt8]
  private var position: Int
  /// Bits taken from the input and not yet used, lowest first.
  private var bits: UInt64 = 0
  private var bitCount = 0

  init(input: [UInt8], position: Int) {
    self.input = input
    self.position = position
  }

  /// The first whole byte that has not been used.
  var bytePosition: Int { position - bitCount / 8 }

  /// Appends the contents of the stream.
  mutating func run(into output: inout [UInt8]) throws(Gzip.Fault) {
    let start = output.count
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored(into: &output)
      case 1: try copyCoded(Self.fixedLiterals, Self.fixedDistances, into: &output, from: start)
      case 2:
        let (literals, distances) = try readCodes()
        try copyCoded(literals, distances, into: &output, from: start)
      default: throw fault("a block has a kind that does not exist")
      }
    }
  }

  private func fault(_ rule: String) -> Gzip.Fault { Gzip.Fault(offset: bytePosition, rule: rule) }

  private mutating func fill() {
    while bitCount <= 48, position < input.count {
      bits |= UInt64(input[position]) << UInt64(bitCount)
      bitCount += 8
      position += 1
    }
  }

  private mutating func take(_ count: Int) throws(Gzip.Fault) -> Int {
    if bitCount < count { fill() }
    guard bitCount >= count else { throw fault("the file is cut") }
    let value = Int(bits & (1 << UInt64(count) - 1))
    bits >>= UInt64(count)
    bitCount -= count
    return value
  }

  private mutating func copyStored(into output: inout [UInt8]) throws(Gzip.Fault) {
    _ = try take(bitCount % 8)
    let length = try take(16)
    guard try take(16) == ~length & 0xFFFF else { throw fault("a stored block's length is broken") }
    position = bytePosition
    (bits, bitCount) = (0, 0)
    guard position + length <= input.count else { throw fault("the file is cut") }
    output += input[position..<position + length]
    position += length
  }

  private mutating func symbol(_ code: HuffmanCode) throws(Gzip.Fault) -> Int {
    if bitCount < HuffmanCode.longest { fill() }
    let entry = code.table[Int(bits & UInt64(code.table.count - 1))]
    let length = Int(entry & 15)
    guard length > 0 else { throw fault("a code does not exist") }
    guard length <= bitCount else { throw fault("the file is cut") }
    bits >>= UInt64(length)
    bitCount -= length
    return Int(entry >> 4)
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]

  private mutating func copyCoded(
    _ literals: HuffmanCode, _ distances: HuffmanCode, into output: inout [UInt8], from start: Int
  ) throws(Gzip.Fault) {
    while true {
      let literal = try symbol(literals)
      if literal < 256 {
        output.append(UInt8(literal))
        continue
      }
      if literal == 256 { return }
      guard literal - 257 < Self.lengthBases.count else { throw fault("a length does not exist") }
      let length = Self.lengthBases[literal - 257] + (try take(Self.lengthBits[literal - 257]))
      let place = try symbol(distances)
      guard place < Self.distanceBases.count else { throw fault("a distance does not exist") }
      let distance = Self.distanceBases[place] + (try take(max(0, place / 2 - 1)))
      guard distance <= output.count - start else { throw fault("a distance reaches before the beginning") }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  private static let fixedLiterals = HuffmanCode(
    lengths: [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
      + [Int](repeating: 8, count: 8))!
  private static let fixedDistances = HuffmanCode(lengths: [Int](repeating: 5, count: 30))!

  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  private mutating func readCodes() throws(Gzip.Fault) -> (HuffmanCode, HuffmanCode) {
    let literals = try take(5) + 257
    let distances = try take(5) + 1
    let count = try take(4) + 4
    var order = [Int](repeating: 0, count: 19)
    for place in Self.lengthOrder.prefix(count) { order[place] = try take(3) }
    guard let code = HuffmanCode(lengths: order) else { throw fault("the codes of a block are broken") }
    var lengths: [Int] = []
    while lengths.count < literals + distances {
      switch try symbol(code) {
      case 16:
        guard let last = lengths.last else { throw fault("the codes of a block are broken") }
        lengths += [Int](repeating: last, count: try take(2) + 3)
      case 17: lengths += [Int](repeating: 0, count: try take(3) + 3)
      case 18: lengths += [Int](repeating: 0, count: try take(7) + 11)
      case let length: lengths.append(length)
      }
    }
    guard lengths.count == literals + distances,
      let first = HuffmanCode(lengths: Array(lengths[..<literals])),
      let second = HuffmanCode(lengths: Array(lengths[literals...]))
    else { throw fault("the codes of a block are broken") }
    return (first, second)
  }
}

/// A prefix code as one table over the next 15 bits: symbol and length of what they begin with.
struct HuffmanCode {
  static let longest = 15
  /// symbol << 4 | length; length 0 where no code fits. 2^k entries for a longest code of k bits.
  let table: [UInt16]

  /// Nil where the lengths promise more codes than there are.
  init?(lengths: [Int]) {
    let longest = max(1, lengths.max() ?? 1)
    var table = [UInt16](repeating: 0, count: 1 << longest)
    var code = 0
    for length in 1...longest {
      for (symbol, own) in lengths.enumerated() where own == length {
        guard code < 1 << length else { return nil }
        let reversed = (0..<length).reduce(0) { $0 << 1 | code >> $1 & 1 }
        for entry in stride(from: reversed, to: table.count, by: 1 << length) {
          table[entry] = UInt16(symbol << 4 | length)
        }
        code += 1
      }
      code <<= 1
    }
    self.table = table
  }
}
