// SPDX-License-Identifier: Apache-2.0
/// WordPiece as `bert-base-uncased` uses it, equal to Hugging Face `tokenizers` on every input.
///
/// BertNormalizer (clean text, spaces around ideographs, accents stripped, lower case), BertPreTokenizer, then greedy
/// longest match with "##" before pieces that continue a word. It works on bytes and Unicode scalars, never on
/// `Character` or `String` equality: grapheme clusters and canonical equivalence are the wrong units here.
///
///     let wordPiece = try WordPiece(vocabulary: bytesOfVocabTxt)
///     var ids: [Int32] = []
///     wordPiece.encode("Flooding in #RiverTown", into: &ids)
package struct WordPiece: Sendable {
  /// Words of more scalars than this are one unknown token.
  static let longestWord = 100

  /// The numbers of [CLS], [SEP], [PAD] and [UNK].
  package let cls, sep, pad, unknown: Int32
  /// The number of [MASK], where the vocabulary has it.
  package let mask: Int32?

  let pieces: PieceTable
  let scalars = BertScalars.shared
  /// The specials of the vocabulary, spelled out, with their numbers.
  let specials: [(spelling: [UInt8], number: Int32)]

  /// Reads a vocabulary, the bytes of a `vocab.txt`: one piece a line, numbers are line numbers from 0.
  ///
  /// - Throws: `TextError` where [CLS], [SEP], [PAD] or [UNK] is missing, a piece comes twice, or a line is not UTF-8.
  /// - Complexity: linear in the bytes, a few milliseconds for 30,522 pieces.
  package init(vocabulary: [UInt8]) throws(TextError) {
    let pieces = try PieceTable(vocabulary: vocabulary)
    func number(_ piece: String) throws(TextError) -> Int32 {
      guard let number = pieces.number(of: piece) else { throw .missingPiece(piece) }
      return Int32(number)
    }
    pad = try number("[PAD]")
    unknown = try number("[UNK]")
    cls = try number("[CLS]")
    sep = try number("[SEP]")
    mask = pieces.number(of: "[MASK]").map(Int32.init)
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].compactMap { spelling in
      pieces.number(of: spelling).map { (Array(spelling.utf8), Int32($0)) }
    }
    self.pieces = pieces
  }

  /// How many pieces the vocabulary has.
  package var count: Int { pieces.count }

  /// The piece with this number as text, or nil where there is none.
  package func piece(_ number: Int32) -> String? {
    guard number >= 0, number < pieces.count else { return nil }
    return String(decoding: pieces.piece(Int(number)), as: UTF8.self)
  }

  /// Appends the tokens of `text` to `ids`. [CLS] and [SEP] are not added.
  ///
  /// - Complexity: linear in `text`, times the longest piece at worst.
  package func encode(_ text: String, into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    encode(Array(text.utf8), into: &ids, specialTokens: specialTokens)
  }

  /// The same for UTF-8 bytes. Bytes that are no UTF-8 vanish, as U+FFFD does.
  package func encode(_ bytes: [UInt8], into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    var words = WordBuilder(wordPiece: self)
    var position = 0
    while position < bytes.count {
      if bytes[position] == 0x5B, specialTokens == .recognized, let special = special(in: bytes, at: position) {
        words.finishWord(into: &ids)
        ids.append(special.number)
        position += special.spelling.count
      } else {
        words.add(UTF8Bytes.next(in: bytes, at: &position), into: &ids)
      }
    }
    words.finishWord(into: &ids)
  }

  private func special(in bytes: [UInt8], at position: Int) -> (spelling: [UInt8], number: Int32)? {
    specials.first { special in
      position + special.spelling.count <= bytes.count
        && special.spelling.indices.allSatisfy { bytes[position + $0] == special.spelling[$0] }
    }
  }

  /// The text of `ids` as far as it can be known: pieces joined by spaces, "##" glued on, as the WordPiece decoder of
  /// `tokenizers` does it without cleaning up. Unknown numbers are left out.
  package func decode(_ ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> String {
    var bytes: [UInt8] = []
    var isFirst = true
    for id in ids where id >= 0 && Int(id) < pieces.count {
      if skippingSpecials, specials.contains(where: { $0.number == id }) { continue }
      let glued = !isFirst && pieces.isContinuation(Int(id))
      if !isFirst, !glued { bytes.append(0x20) }
      bytes += pieces.piece(Int(id)).dropFirst(glued ? 2 : 0)
      isFirst = false
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
