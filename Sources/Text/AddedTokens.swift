// SPDX-License-Identifier: Apache-2.0
/// A token that is matched in the raw text, before words are split and pieces merged: `<mask>`, `</s>`, ….
package struct AddedToken: Sendable, Equatable {
  /// The token's number in the vocabulary. The piece with this number is its text.
  package var id: Int32
  /// Whether it is a special token. Decoding can skip special tokens, and encoding can treat them as text.
  package var isSpecial: Bool
  /// Whether the token absorbs the white space before it, and after it.
  package var stripsLeft, stripsRight: Bool
  /// Whether it is matched in the second round (`normalized` in tokenizer.json): after all other added tokens, and after
  /// normalisation if the tokenizer normalises.
  package var isSecond: Bool
  /// Whether it matches only where no word character stands directly before or after it.
  package var isSingleWord: Bool

  package init(
    id: Int32, isSpecial: Bool = true, stripsLeft: Bool = false, stripsRight: Bool = false, isSecond: Bool = false,
    isSingleWord: Bool = false
  ) {
    self.id = id
    self.isSpecial = isSpecial
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.isSecond = isSecond
    self.isSingleWord = isSingleWord
  }
}

/// An added token with its text as bytes. It need not be a piece of the vocabulary.
package struct SpelledToken: Sendable, Equatable {
  package var token: AddedToken
  package var text: [UInt8]

  package init(_ token: AddedToken, _ text: String) {
    self.token = token
    self.text = Array(text.utf8)
  }

  package var spelling: String { String(decoding: text, as: UTF8.self) }
}

/// Finds added tokens in a text from left to right. At each position the longest match wins.
struct AddedTokens: Sendable {
  private struct Entry {
    let text: [UInt8]
    let token: AddedToken
  }

  /// A part of a text: an added token, or bytes to be split into words.
  struct Part: Equatable {
    var range: Range<Int>
    var token: Int32?
  }

  /// The tokens of each round, longest first.
  private let rounds: [[Entry]]
  /// For each round, the bytes that its tokens begin with.
  private let begins: [[Bool]]

  /// Tokens that are pieces of the vocabulary. Their text is the text of the piece.
  init(_ tokens: [AddedToken], pieces: PieceList) {
    self.init(tokens.map { ($0, Array(pieces[Int($0.id)])) })
  }

  /// Tokens, each with the bytes to match.
  init(_ tokens: [(token: AddedToken, text: [UInt8])]) {
    let entries = tokens.map { Entry(text: $0.text, token: $0.token) }.filter { !$0.text.isEmpty }
    rounds = [false, true].map { second in
      entries.filter { $0.token.isSecond == second }.sorted { $0.text.count > $1.text.count }
    }
    begins = rounds.map { round in
      var begins = [Bool](repeating: false, count: 256)
      for entry in round { begins[Int(entry.text[0])] = true }
      return begins
    }
  }

  /// Whether any token is matched in the second round.
  var hasSecondRound: Bool { !rounds[1].isEmpty }

  /// Splits `bytes` into parts, in order. No part is empty.
  ///
  /// - Parameter rounds: 0 for the tokens that are matched first, 1 for the others, or both in turn.
  func parts(of bytes: [UInt8], rounds: ClosedRange<Int> = 0...1, specialTokens: SpecialTokens) -> [Part] {
    var parts = bytes.isEmpty ? [] : [Part(range: 0..<bytes.count, token: nil)]
    for round in rounds where !self.rounds[round].isEmpty {
      var next: [Part] = []
      for part in parts {
        if part.token == nil {
          split(part.range, of: bytes, round: round, specialTokens, into: &next)
        } else {
          next.append(part)
        }
      }
      parts = next
    }
    return parts
  }

  private func split(
    _ range: Range<Int>, of bytes: [UInt8], round: Int, _ specialTokens: SpecialTokens, into parts: inout [Part]
  ) {
    var start = range.lowerBound
    var position = start
    while position < range.upperBound {
      guard begins[round][Int(bytes[position])],
        let entry = entry(in: bytes, position..<range.upperBound, round: round)
      else {
        position += 1
        continue
      }
      let end = position + entry.text.count
      let isText = entry.token.isSpecial && specialTokens == .asText
      if isText || entry.token.isSingleWord && !Self.isAlone(position..<end, in: bytes, within: range) {
        position = end
        continue
      }
      let words = ByteLevelWords.shared
      let from =
        entry.token.stripsLeft ? words.startOfSpace(before: position, in: bytes, from: min(start, position)) : position
      let to = entry.token.stripsRight ? words.endOfSpace(from: end, in: bytes, limit: range.upperBound) : end
      if start < from { parts.append(Part(range: start..<from, token: nil)) }
      parts.append(Part(range: from..<to, token: entry.token.id))
      start = to
      position = end
    }
    if start < range.upperBound { parts.append(Part(range: start..<range.upperBound, token: nil)) }
  }

  private static let words = ScalarTable(packed: UnicodeTables.addedWord)

  /// Whether no word character stands directly before or after a range of `bytes`.
  private static func isAlone(_ token: Range<Int>, in bytes: [UInt8], within range: Range<Int>) -> Bool {
    if token.upperBound < range.upperBound {
      var next = token.upperBound
      if words[UTF8Bytes.next(in: bytes, at: &next)] != 0 { return false }
    }
    var first = token.lowerBound
    guard first > range.lowerBound else { return true }
    repeat { first -= 1 } while first > range.lowerBound && bytes[first] & 0xC0 == 0x80
    return words[UTF8Bytes.next(in: bytes, at: &first)] == 0
  }

  private func entry(in bytes: [UInt8], _ range: Range<Int>, round: Int) -> Entry? {
    rounds[round].first { entry in
      entry.text.count <= range.count
        && entry.text.indices.allSatisfy { bytes[range.lowerBound + $0] == entry.text[$0] }
    }
  }
}
