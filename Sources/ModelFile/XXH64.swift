// SPDX-License-Identifier: Apache-2.0
/// XXH64, the 64-bit xxHash (Yann Collet's specification, version 0.1.1), of bytes that come in pieces of any size.
///
/// It is written here rather than linked: liblz4 keeps its copy private, libxxhash would be one more package to install for a
/// hundred lines, and a checksum in the file format must not depend on the system's libraries. It detects damage, not tampering.
/// damage, not malice.
package struct XXH64: Sendable {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
  private static let stripe = 32

  private let seed: UInt64
  private var lanes: (UInt64, UInt64, UInt64, UInt64)
  /// Bytes of an incomplete stripe, which wait for the next piece.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  package init(seed: UInt64 = 0) {
    self.seed = seed
    lanes = (seed &+ Self.prime1 &+ Self.prime2, seed &+ Self.prime2, seed, seed &- Self.prime1)
  }

  /// Adds a piece. Linear; some gigabytes a second in a release build.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    var offset = 0
    if !rest.isEmpty {
      offset = min(Self.stripe - rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<offset])
      guard rest.count == Self.stripe else { return }
      rest.withUnsafeBytes { lanes = Self.mixed(lanes, $0, from: 0).lanes }
      rest.removeAll(keepingCapacity: true)
    }
    (lanes, offset) = Self.mixed(lanes, bytes, from: offset)
    rest.append(contentsOf: bytes[offset...])
  }

  /// The hash of the bytes so far.
  package var value: UInt64 {
    var hash = seed &+ Self.prime5
    if count >= UInt64(Self.stripe) {
      hash = Self.rotate(lanes.0, 1) &+ Self.rotate(lanes.1, 7) &+ Self.rotate(lanes.2, 12) &+ Self.rotate(lanes.3, 18)
      for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
        hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
      }
    }
    return rest.withUnsafeBytes { Self.finished(hash &+ count, $0) }
  }

  /// The hash of `bytes`.
  package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var hash = XXH64(seed: seed)
    hash.update(bytes)
    return hash.value
  }

  /// The hash of `bytes`.
  package static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
    bytes.withUnsafeBytes { hash($0, seed: seed) }
  }

  /// Mixes in the whole stripes from `offset` on, and returns their end.
  private static func mixed(
    _ lanes: (UInt64, UInt64, UInt64, UInt64), _ bytes: UnsafeRawBufferPointer, from offset: Int
  ) -> (lanes: (UInt64, UInt64, UInt64, UInt64), offset: Int) {
    var (lane1, lane2, lane3, lane4) = lanes
    var offset = offset
    while offset + stripe <= bytes.count {
      lane1 = round(lane1, word(bytes, offset))
      lane2 = round(lane2, word(bytes, offset + 8))
      lane3 = round(lane3, word(bytes, offset + 16))
      lane4 = round(lane4, word(bytes, offset + 24))
      offset += stripe
    }
    return ((lane1, lane2, lane3, lane4), offset)
  }

  /// Mixes in the bytes after the last stripe, and mixes the bits with one another.
  private static func finished(_ hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = hash
    var offset = 0
    while offset + 8 <= bytes.count {
      hash = rotate(hash ^ round(0, word(bytes, offset)), 27) &* prime1 &+ prime4
      offset += 8
    }
    if offset + 4 <= bytes.count {
      let half = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      hash = rotate(hash ^ (half &* prime1), 23) &* prime2 &+ prime3
      offset += 4
    }
    while offset < bytes.count {
      hash = rotate(hash ^ (UInt64(bytes[offset]) &* prime5), 11) &* prime1
      offset += 1
    }
    hash = (hash ^ (hash >> 33)) &* prime2
    hash = (hash ^ (hash >> 29)) &* prime3
    return hash ^ (hash >> 32)
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value << bits | value >> (64 - bits)
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotate(lane &+ input &* prime2, 31) &* prime1
  }
}
