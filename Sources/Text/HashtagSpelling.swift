// SPDX-License-Identifier: Apache-2.0
/// Spells hashtags with the generation vocabulary and reads them back without loss.
///
/// A hashtag normal form is split by greedy longest match. Its first piece has no "##", all others have it, so a piece without
/// "##" starts a new hashtag. The vocabulary has each character of [0-9a-z_] with and without "##", so it can spell every
/// hashtag of these characters. Tools/assigner_training/generator/spelling.py must do the same.
package struct HashtagSpelling: Sendable {
  /// The numbers of the pieces without text: begin, padding, end.
  package static let begin: Int32 = 0
  package static let padding: Int32 = 1
  package static let end: Int32 = 2

  private static let specials = ["<s>", "<pad>", "</s>"]

  private let pieces: PieceTable

  /// A hashtag read from a sequence of pieces.
  package struct Reading: Sendable, Equatable {
    /// The hashtag's normal form.
    package var hashtag: String
    /// The positions of its pieces in the sequence, ascending. Padding between them is left out.
    package var positions: [Int]
  }

  /// Reads a generation vocabulary: one piece a line, numbers are line numbers from 0, the three special pieces first.
  ///
  /// - Throws: `TextError` if the special pieces are not first, a piece is repeated, a piece has a character outside [0-9a-z_],
  ///   or a character has no piece.
  package init(vocabulary: [UInt8]) throws(TextError) {
    pieces = try PieceTable(vocabulary: vocabulary)
    let start = (0..<min(3, pieces.count)).map { String(decoding: pieces.piece($0), as: UTF8.self) }
    guard start.elementsEqual(Self.specials) else { throw .wrongStart(expected: Self.specials) }
    for number in 3..<pieces.count {
      let text = pieces.piece(number).dropFirst(pieces.isContinuation(number) ? 2 : 0)
      guard !text.isEmpty, text.allSatisfy({ $0 < 0x80 }), HashtagNormalForm.normalize(Array(text)).elementsEqual(text) else {
        throw .oddPiece(String(decoding: pieces.piece(number), as: UTF8.self), line: number + 1)
      }
    }
    for character in "0123456789abcdefghijklmnopqrstuvwxyz_".unicodeScalars {
      for piece in ["\(character)", "##\(character)"] where pieces.number(of: piece) == nil {
        throw .missingPiece(piece)
      }
    }
  }

  /// The number of pieces, special pieces included.
  package var count: Int { pieces.count }

  /// The text of the piece with this number, "##" included, or nil if there is none.
  package func piece(_ number: Int32) -> String? {
    guard number >= 0, number < pieces.count else { return nil }
    return String(decoding: pieces.piece(Int(number)), as: UTF8.self)
  }

  /// The pieces of `hashtags` (normal forms) in order, without special pieces. Characters outside [0-9a-z_] are skipped.
  ///
  /// - Complexity: linear in the characters, in the worst case times the length of the longest piece.
  package func spell(_ hashtags: [String]) -> [Int32] {
    var result: [Int32] = []
    var hashes = [UInt64](repeating: 0, count: pieces.longest)
    for hashtag in hashtags {
      let word = HashtagNormalForm.normalize(Array(hashtag.utf8)).filter { $0 < 0x80 }
      var start = 0
      while start < word.count {
        // A match always exists, because every character is a piece with and without "##".
        guard let found = pieces.longestMatch(in: word, at: start, hashes: &hashes) else { break }
        result.append(found.number)
        start += found.length
      }
    }
    return result
  }

  /// The hashtags in a sequence of pieces up to the first `end`. `begin`, `padding` and unknown numbers are skipped.
  ///
  /// A piece with "##" that has no hashtag before it starts one.
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
