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
  /// The specials of the vocabulary, spelled out.
  let specials: [SpelledToken]
  /// Tokens that are found in a text before it is cut into words, beside the specials or in their place. Their numbers may
  /// lie behind the vocabulary's.
  package let addedTokens: [SpelledToken]
  /// All of them and the specials; nil where there are none but the specials.
  private let added: AddedTokens?

  /// Reads a vocabulary, the bytes of a `vocab.txt`: one piece a line, numbers are line numbers from 0.
  ///
  /// - Throws: `TextError` where [CLS], [SEP], [PAD] or [UNK] is missing, a piece comes twice, a line is not UTF-8, or an added
  ///   token has the number of another piece.
  /// - Complexity: linear in the bytes, a few milliseconds for 30,522 pieces.
  package init(vocabulary: [UInt8], addedTokens: [SpelledToken] = []) throws(TextError) {
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
      pieces.number(of: spelling).map { SpelledToken(AddedToken(id: Int32($0)), spelling) }
    }
    self.pieces = pieces
    self.addedTokens = addedTokens
    try Self.check(addedTokens, pieces)
    let texts = Set(addedTokens.map(\.text))
    let all = addedTokens + specials.filter { !texts.contains($0.text) }
    added =
      addedTokens.isEmpty
      ? nil
      : AddedTokens(all.map { ($0.token, $0.token.isSecond ? BertNormalForm.of($0.text[...]) : $0.text) })
  }

  private static func check(_ tokens: [SpelledToken], _ pieces: PieceTable) throws(TextError) {
    guard Set(tokens.map(\.token.id)).count == tokens.count else { throw .repeatedAddedToken }
    for token in tokens {
      let (id, known) = (Int(token.token.id), pieces.number(of: token.spelling))
      guard !token.text.isEmpty, id >= 0, known == nil ? id >= pieces.count : known == id else {
        let piece = known.map { ", as a piece \($0)" } ?? ", which another piece has"
        throw .addedToken(token.spelling, "has the number \(id)\(piece)")
      }
    }
  }

  /// How many tokens there are, or one more than the largest number where some numbers are nobody's.
  package var count: Int { max(pieces.count, (addedTokens.map { Int($0.token.id) }.max() ?? 0) + 1) }

  /// The piece with this number as text, or nil where there is none.
  package func piece(_ number: Int32) -> String? {
    guard number >= 0, number < pieces.count else { return addedTokens.first { $0.token.id == number }?.spelling }
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
    if let added {
      encode(bytes, added, specialTokens, with: &words, into: &ids)
      return
    }
    var position = 0
    while position < bytes.count {
      if bytes[position] == 0x5B, specialTokens == .recognized, let special = special(in: bytes, at: position) {
        words.finishWord(into: &ids)
        ids.append(special.token.id)
        position += special.text.count
      } else {
        words.add(UTF8Bytes.next(in: bytes, at: &position), into: &ids)
      }
    }
    words.finishWord(into: &ids)
  }

  /// With added tokens, in the order of `tokenizers`: some are found in the text as it is, others in the normal form of what is
  /// left.
  private func encode(
    _ bytes: [UInt8], _ added: AddedTokens, _ specialTokens: SpecialTokens, with words: inout WordBuilder,
    into ids: inout [Int32]
  ) {
    func add(_ range: Range<Int>, of bytes: [UInt8]) {
      var position = range.lowerBound
      while position < range.upperBound { words.add(UTF8Bytes.next(in: bytes, at: &position), into: &ids) }
      words.finishWord(into: &ids)
    }
    for part in added.parts(of: bytes, rounds: 0...0, specialTokens: specialTokens) {
      if let token = part.token {
        ids.append(token)
      } else if added.hasSecondRound {
        let normal = BertNormalForm.of(bytes[part.range])
        for part in added.parts(of: normal, rounds: 1...1, specialTokens: specialTokens) {
          if let token = part.token { ids.append(token) } else { add(part.range, of: normal) }
        }
      } else {
        add(part.range, of: bytes)
      }
    }
  }

  private func special(in bytes: [UInt8], at position: Int) -> SpelledToken? {
    specials.first { bytes[position...].starts(with: $0.text) }
  }

  /// The text of `ids` as far as it can be known: pieces joined by spaces, "##" glued on, as the WordPiece decoder of
  /// `tokenizers` does it without cleaning up. Unknown numbers are left out.
  package func decode(_ ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> String {
    var bytes: [UInt8] = []
    var isFirst = true
    for id in ids {
      if skippingSpecials, (addedTokens + specials).first(where: { $0.token.id == id })?.token.isSpecial == true { continue }
      guard let piece = piece(id)?.utf8 else { continue }
      let glued = !isFirst && piece.starts(with: "##".utf8)
      if !isFirst, !glued { bytes.append(0x20) }
      bytes += piece.dropFirst(glued ? 2 : 0)
      isFirst = false
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
