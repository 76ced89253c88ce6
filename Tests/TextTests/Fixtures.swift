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

  /// Rows of a file of blocks: the first scalar, then the hashes, all in hex.
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

  /// FNV-1a, as the fixture scripts count it.
  static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  static func hash(ids: [Int32]) -> UInt64 {
    hash(ids.lazy.flatMap { id in (0..<4).map { UInt8(truncatingIfNeeded: id >> ($0 * 8)) } })
  }
}

/// A small random generator with a seed, so that a failing fuzz case can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
