// SPDX-License-Identifier: Apache-2.0
/// WordPiece as in `bert-base-uncased`, equal to Hugging Face `tokenizers` on every input.
///
/// It applies BertNormalizer (clean text, spaces around ideographs, accents stripped, lower case), BertPreTokenizer, then greedy
/// longest match with "##" before pieces that continue a word. It works on bytes and Unicode scalars, never on `Character` or
/// `String` equality: grapheme clusters and canonical equivalence would change the result.
///
///     let wordPiece = try WordPiece(vocabulary: bytesOfVocabTxt)
///     var ids: [Int32] = []
///     wordPiece.encode("Flooding in #RiverTown", into: &ids)
package struct WordPiece: Sendable {
  /// A word of more scalars becomes one unknown token.
  static let longestWord = 100

  /// The numbers of [CLS], [SEP], [PAD] and [UNK].
  package let cls, sep, pad, unknown: Int32
  /// The number of [MASK], if the vocabulary has it.
  package let mask: Int32?

  /// [CLS] begins, [SEP] ends.
  var numbers: SpecialNumbers { SpecialNumbers(begin: cls, padding: pad, end: sep, unknown: unknown, mask: mask) }

  let pieces: PieceTable
  let scalars = BertScalars.shared
  /// The special tokens of the vocabulary.
  let specials: [SpelledToken]
  /// Tokens that are matched in a text before it is split into words. They add to the special tokens or replace them. Their
  /// numbers may exceed the vocabulary's.
  package let addedTokens: [SpelledToken]
  /// The added and special tokens; nil without added tokens.
  private let added: AddedTokens?

  /// Reads a vocabulary, the bytes of a `vocab.txt`: one piece a line, numbers are line numbers from 0.
  ///
  /// - Throws: `TextError` if [CLS], [SEP], [PAD] or [UNK] is missing, a piece is repeated, a line is not UTF-8, or an added
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
        let piece = known.map { ", but is piece \($0)" } ?? ", which belongs to another piece"
        throw .addedToken(token.spelling, "has the number \(id)\(piece)")
      }
    }
  }

  /// The number of tokens. If some numbers are unused, one more than the largest.
  package var count: Int { max(pieces.count, (addedTokens.map { Int($0.token.id) }.max() ?? 0) + 1) }

  /// The text of the piece with this number, or nil if there is none.
  package func piece(_ number: Int32) -> String? {
    guard number >= 0, number < pieces.count else { return addedTokens.first { $0.token.id == number }?.spelling }
    return String(decoding: pieces.piece(Int(number)), as: UTF8.self)
  }

  /// Appends the tokens of `text` to `ids`, without [CLS] and [SEP].
  ///
  /// - Complexity: linear in `text`, in the worst case times the length of the longest piece.
  package func encode(_ text: String, into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    encode(Array(text.utf8), into: &ids, specialTokens: specialTokens)
  }

  /// Appends the tokens of UTF-8 bytes to `ids`. Invalid UTF-8 is dropped, as U+FFFD is.
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

  /// Encodes with added tokens, in the order of `tokenizers`: the first round matches in the raw text, the second in the normal
  /// form of the rest.
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

  /// An approximation of the text of `ids`: pieces joined by spaces, "##" removed, as the WordPiece decoder of `tokenizers` does
  /// without clean-up. Unknown numbers are skipped.
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
