// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ModelFile

@Suite struct XXH64Tests {
  /// The same byte sequence as in Tools/fixtures/container.py.
  static func pattern(_ length: Int) -> [UInt8] {
    var state: UInt32 = 12345
    return (0..<length).map { _ in
      state = (state &* 1_103_515_245 &+ 12345) & 0x7FFF_FFFF
      return UInt8(truncatingIfNeeded: state >> 16)
    }
  }

  @Test func equalsTheReference() throws {
    let vectors = try JSONValue(parsing: read(fixture("xxh64.json"))).array()
    #expect(vectors.count > 200)
    for vector in vectors {
      let length = try vector.integer("length")
      let seed = try #require(UInt64(vector.string("seed")))
      let hash = try #require(UInt64(vector.string("hash"), radix: 16))
      #expect(XXH64.hash(Self.pattern(length), seed: seed) == hash, "length \(length), seed \(seed)")
    }
  }

  @Test func doesNotDependOnThePieces() {
    let bytes = Self.pattern(300)
    for size in 1..<100 {
      var hash = XXH64(seed: 7)
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { hash.update($0) }
      }
      #expect(hash.value == XXH64.hash(bytes, seed: 7), "pieces of \(size)")
    }
  }

  @Test func doesNotDependOnAlignment() {
    let bytes = Self.pattern(300)
    bytes.withUnsafeBytes { buffer in
      for start in 0..<9 {
        let slice = UnsafeRawBufferPointer(rebasing: buffer[start..<start + 250])
        #expect(XXH64.hash(slice) == XXH64.hash(Array(slice)))
      }
    }
  }
}
