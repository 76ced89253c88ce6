// SPDX-License-Identifier: Apache-2.0
/// The words that a byte-level BPE merges inside of: what GPT-2's regular expression cuts a text into,
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// on Unicode scalars, with the letters, numbers and spaces of the engine behind `tokenizers`. Bytes that are no UTF-8
/// count as marks, one each.
struct ByteLevelWords: Sendable {
  private static let mark: UInt32 = 0
  private static let space: UInt32 = 3

  /// 0 marks and everything else, 1 letters, 2 numbers, 3 white space.
  private let kinds = ScalarTable(packed: UnicodeTables.byteLevel)

  static let shared = ByteLevelWords()

  /// Where the word ends that begins at `start`, which is before `limit`.
  func end(of start: Int, in bytes: [UInt8], limit: Int) -> Int {
    if bytes[start] == UInt8(ascii: "'"), let end = contraction(bytes, start + 1, limit) { return end }
    var position = start
    let first = kind(bytes, &position)
    if first != Self.space { return endOfRun(first, bytes, position, limit) }
    // One space joins what follows it.
    if bytes[start] == 0x20, position < limit {
      var following = position
      let second = kind(bytes, &following)
      if second != Self.space { return endOfRun(second, bytes, following, limit) }
    }
    // All white space at the end of the text; otherwise all but the last, if there are several.
    var lastStart = start
    while position < limit {
      var next = position
      if kind(bytes, &next) != Self.space { return lastStart > start ? lastStart : position }
      lastStart = position
      position = next
    }
    return position
  }

  /// Where the white space begins that ends at `end`, looking back to `start`.
  func startOfSpace(before end: Int, in bytes: [UInt8], from start: Int) -> Int {
    var end = end
    while end > start {
      var first = end - 1
      while first > start, bytes[first] & 0xC0 == 0x80, end - first < 4 { first -= 1 }
      var after = first
      guard kind(bytes, &after) == Self.space, after == end else { break }
      end = first
    }
    return end
  }

  /// Where the white space ends that begins at `start`.
  func endOfSpace(from start: Int, in bytes: [UInt8], limit: Int) -> Int {
    endOfRun(Self.space, bytes, start, limit)
  }

  /// The kind of the scalar at `position`, which is moved past it.
  @inline(__always)
  private func kind(_ bytes: [UInt8], _ position: inout Int) -> UInt32 {
    kinds[UTF8Bytes.next(in: bytes, at: &position)]
  }

  private func endOfRun(_ kind: UInt32, _ bytes: [UInt8], _ start: Int, _ limit: Int) -> Int {
    var end = start
    while end < limit {
      var next = end
      if self.kind(bytes, &next) != kind { break }
      end = next
    }
    return end
  }

  /// The end of s, t, m, d, re, ve or ll at `position`; nil where there is none.
  private func contraction(_ bytes: [UInt8], _ position: Int, _ limit: Int) -> Int? {
    guard position < limit else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return position + 1
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return position + 1 < limit && bytes[position + 1] == UInt8(ascii: "e") ? position + 2 : nil
    case UInt8(ascii: "l"):
      return position + 1 < limit && bytes[position + 1] == UInt8(ascii: "l") ? position + 2 : nil
    default: return nil
    }
  }
}
