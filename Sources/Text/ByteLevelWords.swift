// SPDX-License-Identifier: Apache-2.0
/// Splits a text into the words of a byte-level BPE. Merges never cross a word boundary. The rule is GPT-2's regular
/// expression on Unicode scalars,
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// with the letters, numbers and spaces of the regular expression engine in `tokenizers`. A byte that is not valid UTF-8 counts
/// as one punctuation mark.
struct ByteLevelWords: Sendable {
  private static let mark: UInt32 = 0
  private static let space: UInt32 = 3

  /// 0 for marks and everything else, 1 for letters, 2 for numbers, 3 for white space.
  private let kinds = ScalarTable(packed: UnicodeTables.byteLevel)

  static let shared = ByteLevelWords()

  /// The end of the word that begins at `start`, which must be less than `limit`.
  func end(of start: Int, in bytes: [UInt8], limit: Int) -> Int {
    if bytes[start] == UInt8(ascii: "'"), let end = contraction(bytes, start + 1, limit) { return end }
    var position = start
    let first = kind(bytes, &position)
    if first != Self.space { return endOfRun(first, bytes, position, limit) }
    // A single space joins the word after it.
    if bytes[start] == 0x20, position < limit {
      var following = position
      let second = kind(bytes, &following)
      if second != Self.space { return endOfRun(second, bytes, following, limit) }
    }
    // At the end of the text all white space is one word. Elsewhere the last of several spaces joins the next word.
    var lastStart = start
    while position < limit {
      var next = position
      if kind(bytes, &next) != Self.space { return lastStart > start ? lastStart : position }
      lastStart = position
      position = next
    }
    return position
  }

  /// The start of the white space that ends at `end`, not before `start`.
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

  /// The end of the white space that begins at `start`.
  func endOfSpace(from start: Int, in bytes: [UInt8], limit: Int) -> Int {
    endOfRun(Self.space, bytes, start, limit)
  }

  /// The kind of the scalar at `position`; moves `position` past it.
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

  /// The end of s, t, m, d, re, ve or ll at `position`, or nil if there is none.
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
