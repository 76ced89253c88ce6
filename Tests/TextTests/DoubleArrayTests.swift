// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Testing

@testable import Text

@Suite struct DoubleArrayTests {
  /// Enough random keys for many blocks; every key is found, and nothing else.
  @Test func exactlyTheKeysAreFound() {
    var generator = SystemRandomNumberGenerator()
    var numbers: [[UInt8]: Int32] = [:]
    for number in 0..<20_000 {
      let length = Int.random(in: 1...7)
      numbers[(0..<length).map { _ in UInt8.random(in: 1...(length > 2 ? 255 : 9), using: &generator) }] = Int32(number)
    }
    let keys = numbers.map { (key: $0.key[...], number: $0.value) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let trie = DoubleArray(keys: keys)
    #expect(numbers.allSatisfy { trie.number(of: $0.key) == $0.value })
    for _ in 0..<20_000 {
      let key = (0..<Int.random(in: 0...4)).map { _ in UInt8.random(in: 0...12, using: &generator) }
      #expect(trie.number(of: key) == numbers[key])
    }
  }

  @Test func anEmptyArrayHasNoKeys() {
    #expect(DoubleArray(keys: []).number(of: [1]) == nil)
    #expect(DoubleArray(units: Elements([])).number(of: [1]) == nil && DoubleArray(units: Elements([])).root == nil)
  }

  /// Offsets from 2^21 on are stored as multiples of 256.
  @Test func largeOffsetsAreMultiplesOf256() {
    #expect(DoubleArray.offset(3 << 10) == 3 && DoubleArray.offset(3 << 10 | 0x200) == 768)
  }

  @Test func base64IsDecoded() {
    #expect(Base64.decode("") == [] && Base64.decode("AP8=") == [0, 255] && Base64.decode("+/9h") == [0xFB, 0xFF, 0x61])
    #expect(Base64.decode("A") == nil && Base64.decode("A===") == nil && Base64.decode("AA\nA") == nil)
    #expect(Base64.decode("=AAA") == nil)
  }
}
