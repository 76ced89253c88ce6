// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Damages bytes, text and JSON. The same seed gives the same damage.
struct Mutator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &self) }

  /// True once in `count` times on average.
  mutating func once(in count: Int) -> Bool { below(count) == 0 }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  /// A number at which the readers' behaviour may change.
  mutating func number() -> UInt64 { pick(Self.borders) }

  private static let borders: [UInt64] = {
    let small: [UInt64] = [0, 1, 2, 3, 4, 7, 8, 100, 1000]
    let powers: [UInt64] = [4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 28, 31, 32, 40, 62, 63].map { (1 as UInt64) << $0 }
    return small + powers + powers.map { $0 - 1 } + [UInt64.max - 63, UInt64.max - 1, UInt64.max]
  }()

  /// Makes one to eight changes: bits, bytes, numbers, cuts, copies.
  mutating func damage(_ bytes: inout [UInt8]) {
    for _ in 0...below(once(in: 4) ? 8 : 2) { change(&bytes) }
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = (0..<below(40)).map { _ in UInt8.random(in: 0...255, using: &self) }
      return
    }
    let place = below(bytes.count)
    let end = min(bytes.count, place + 1 + below(once(in: 8) ? bytes.count : 16))
    switch below(10) {
    case 0, 1: bytes[place] ^= 1 << UInt8(below(8))
    case 2: bytes[place] = pick([0, 1, 0x0A, 0x20, 0x22, 0x2C, 0x7B, 0x7F, 0x80, 0xC2, 0xED, 0xFF])
    case 3: replace(&bytes, place, UInt8.self)
    case 4: replace(&bytes, place, UInt32.self)
    case 5: replace(&bytes, place, UInt64.self)
    case 6: bytes.removeSubrange(place..<end)
    case 7: bytes.insert(contentsOf: Array(bytes[place..<end]), at: below(bytes.count))
    case 8: bytes.removeSubrange((once(in: 4) ? place : max(place, bytes.count - 40))...)
    default: bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: below(64)), at: place)
    }
  }

  private mutating func replace<Word: FixedWidthInteger>(_ bytes: inout [UInt8], _ place: Int, _ type: Word.Type) {
    var word = Word(truncatingIfNeeded: number())
    if once(in: 3), let old = Self.word(bytes, place, type) { word = old &+ Word(truncatingIfNeeded: 1 &- below(3)) }
    for index in 0..<MemoryLayout<Word>.size where place + index < bytes.count {
      bytes[place + index] = UInt8(truncatingIfNeeded: word >> Word(8 * index))
    }
  }

  private static func word<Word: FixedWidthInteger>(_ bytes: [UInt8], _ place: Int, _ type: Word.Type) -> Word? {
    guard place + MemoryLayout<Word>.size <= bytes.count else { return nil }
    return (0..<MemoryLayout<Word>.size).reduce(0) { $0 | Word(truncatingIfNeeded: bytes[place + $1]) << Word(8 * $1) }
  }

  /// Damages a text, and inserts `words` that its readers know.
  mutating func damage(text bytes: inout [UInt8], words: [String]) {
    for _ in 0...below(3) {
      if once(in: 2) {
        damage(&bytes)
      } else {
        let place = below(bytes.count + 1)
        let word = once(in: 3) ? "\(number())" : pick(words)
        let times = once(in: 20) ? 1 << below(16) : 1
        bytes.insert(contentsOf: Array(String(repeating: word, count: times).utf8), at: place)
      }
    }
  }

  /// Replaces one value of a document. The descent stops at a random depth.
  mutating func damaged(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(var members) where !members.isEmpty && !once(in: 8):
      let key = pick(members.keys.sorted())
      if once(in: 12) {
        members[key] = nil
      } else if once(in: 12) {
        members[pick(["aliases", "kind", "text", "id", "k", "pooling", "x\u{301}", "", "layers"])] = members[key]
      } else {
        members[key] = members[key].map { damaged($0) }
      }
      return .object(members)
    case .array(var elements) where !elements.isEmpty && !once(in: 8):
      let place = below(elements.count)
      switch below(6) {
      case 0: elements.remove(at: place)
      case 1: elements.append(elements[place])
      default: elements[place] = damaged(elements[place])
      }
      return .array(elements)
    case .integer(let number) where !once(in: 4): return .integer(number &+ pick([-1, 1, 0 &- number, number, 7, 100]))
    default:
      return pick([
        nil, true, -1, 0, 1, 2, .integer(Int(truncatingIfNeeded: self.number())), 0.5, -1e308, 1e-300, "", "mean", "cls",
        "bart", "seqdiffuseq", "encoder", .string(String(repeating: "é", count: below(300))), [], [:], [[]], [0, 1],
      ])
    }
  }
}
