// SPDX-License-Identifier: Apache-2.0
/// Hashtags written with the generation vocabulary, and read back without loss.
///
/// A hashtag normal form is cut by greedy longest match: its first piece has no "##", those that follow have it. So a
/// piece without "##" starts a new hashtag. Every character of [0-9a-z_] is in the vocabulary both ways, so every
/// hashtag can be spelled. The twin of Tools/assigner_training/generator/spelling.py.
package struct HashtagSpelling: Sendable {
  /// The numbers of the pieces that are no text: begin, padding, end.
  package static let begin: Int32 = 0
  package static let padding: Int32 = 1
  package static let end: Int32 = 2

  private static let specials = ["<s>", "<pad>", "</s>"]

  private let pieces: PieceTable

  /// A hashtag that was read from a sequence of pieces.
  package struct Reading: Sendable, Equatable {
    /// Its normal form.
    package var hashtag: String
    /// The positions in the sequence that it was read from, ascending; padding between them is left out.
    package var positions: [Int]
  }

  /// Reads a generation vocabulary: one piece a line, numbers are line numbers from 0, the three specials first.
  ///
  /// - Throws: `TextError` where the specials are not first, a piece stands there twice or has what no normal form has, or a
  ///   character is missing.
  package init(vocabulary: [UInt8]) throws(TextError) {
    pieces = try PieceTable(vocabulary: vocabulary)
    let start = (0..<min(3, pieces.count)).map { String(decoding: pieces.piece($0), as: UTF8.self) }
    guard start.elementsEqual(Self.specials) else { throw .wrongStart(expected: Self.specials) }
    for number in 3..<pieces.count {
      let text = pieces.piece(number).dropFirst(pieces.isContinuation(number) ? 2 : 0)
      guard !text.isEmpty, HashtagNormalForm.normalize(Array(text)).elementsEqual(text) else {
        throw .oddPiece(String(decoding: pieces.piece(number), as: UTF8.self), line: number + 1)
      }
    }
    for character in "0123456789abcdefghijklmnopqrstuvwxyz_".unicodeScalars {
      for piece in ["\(character)", "##\(character)"] where pieces.number(of: piece) == nil {
        throw .missingPiece(piece)
      }
    }
  }

  /// How many pieces the vocabulary has, the specials included.
  package var count: Int { pieces.count }

  /// The piece with this number as text, "##" included, or nil where there is none.
  package func piece(_ number: Int32) -> String? {
    guard number >= 0, number < pieces.count else { return nil }
    return String(decoding: pieces.piece(Int(number)), as: UTF8.self)
  }

  /// The pieces of `hashtags` (normal forms) one after the other, no specials. What is not in [0-9a-z_] is skipped.
  ///
  /// - Complexity: linear in the characters, times the longest piece at worst.
  package func spell(_ hashtags: [String]) -> [Int32] {
    var result: [Int32] = []
    var hashes = [UInt64](repeating: 0, count: pieces.longest)
    for hashtag in hashtags {
      let word = HashtagNormalForm.normalize(Array(hashtag.utf8))
      var start = 0
      while start < word.count {
        // There is always a match: every character is a piece both ways.
        guard let found = pieces.longestMatch(in: word, at: start, hashes: &hashes) else { break }
        result.append(found.number)
        start += found.length
      }
    }
    return result
  }

  /// The hashtags of a sequence of pieces up to the first `end`; `begin`, `padding` and unknown numbers are skipped.
  ///
  /// A piece with "##" and no hashtag before it begins one.
  package func read(_ ids: [Int32]) -> [Reading] {
    var texts: [[UInt8]] = []
    var positions: [[Int]] = []
    for (position, id) in ids.enumerated() {
      if id == Self.end { break }
      guard id > Self.end, id < pieces.count else { continue }
      let isContinuation = pieces.isContinuation(Int(id))
      let text = pieces.piece(Int(id)).dropFirst(isContinuation ? 2 : 0)
      if isContinuation, let last = texts.indices.last {
        texts[last] += text
        positions[last].append(position)
      } else {
        texts.append(Array(text))
        positions.append([position])
      }
    }
    return zip(texts, positions).map { Reading(hashtag: String(decoding: $0, as: UTF8.self), positions: $1) }
  }
}
