// SPDX-License-Identifier: Apache-2.0
/// A token that is found in a text as it stands, before anything is cut or merged: `<mask>`, `</s>`, ….
package struct AddedToken: Sendable, Equatable {
  /// Its number among the pieces; the piece is its text.
  package var id: Int32
  /// Whether it is one of the specials, which decoding can leave out and encoding can take for text.
  package var isSpecial: Bool
  /// Whether the white space before it, and after it, belongs to it.
  package var stripsLeft, stripsRight: Bool
  /// Looked for in what all others have left over (`normalized` in tokenizer.json).
  package var isSecond: Bool

  package init(
    id: Int32, isSpecial: Bool = true, stripsLeft: Bool = false, stripsRight: Bool = false, isSecond: Bool = false
  ) {
    self.id = id
    self.isSpecial = isSpecial
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.isSecond = isSecond
  }
}

/// Finds added tokens in a text: from the left, the longest of those that begin at one place.
struct AddedTokens: Sendable {
  private struct Entry {
    let text: [UInt8]
    let token: AddedToken
  }

  /// A part of a text: a token, or bytes to be cut into words.
  struct Part: Equatable {
    var range: Range<Int>
    var token: Int32?
  }

  /// Longest first, for each round.
  private let rounds: [[Entry]]
  /// The bytes that tokens of each round begin with.
  private let begins: [[Bool]]

  init(_ tokens: [AddedToken], pieces: PieceList) {
    let entries = tokens.map { Entry(text: Array(pieces[Int($0.id)]), token: $0) }.filter { !$0.text.isEmpty }
    rounds = [false, true].map { second in
      entries.filter { $0.token.isSecond == second }.sorted { $0.text.count > $1.text.count }
    }.filter { !$0.isEmpty }
    begins = rounds.map { round in
      var begins = [Bool](repeating: false, count: 256)
      for entry in round { begins[Int(entry.text[0])] = true }
      return begins
    }
  }

  /// The parts of `bytes`, in order, none empty.
  func parts(of bytes: [UInt8], specialTokens: SpecialTokens) -> [Part] {
    var parts = bytes.isEmpty ? [] : [Part(range: 0..<bytes.count, token: nil)]
    for round in rounds.indices {
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
      if entry.token.isSpecial, specialTokens == .asText {
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

  private func entry(in bytes: [UInt8], _ range: Range<Int>, round: Int) -> Entry? {
    rounds[round].first { entry in
      entry.text.count <= range.count
        && entry.text.indices.allSatisfy { bytes[range.lowerBound + $0] == entry.text[$0] }
    }
  }
}
