// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A Unigram tokenizer as in SentencePiece, XLM-R and multilingual E5, equal to Hugging Face `tokenizers` on every text.
///
/// It matches added tokens, normalises the text between them, marks spaces and splits at them, and chooses for each part the
/// pieces with the largest sum of scores (Kudo, 2018). It works on bytes and Unicode scalars, never on `Character` or `String`
/// equality.
///
/// The vocabulary is read where it lies in the model file. Only the scores are looked at when a tokenizer is made, so 250,000
/// pieces cost less than a millisecond and no heap.
package struct Unigram: Sendable, Equatable {
  /// Everything except pieces, scores and normaliser.
  package struct Settings: Sendable, Equatable {
    package var specials: SpecialNumbers
    /// The number of </s> between the texts of a pair: 2 as in RoBERTa, 1 as in BERT.
    package var pairSeparators = 2
    package var addedTokens: [SpelledToken] = []
    /// Whether unknown text becomes the pieces <0x00> … <0xFF> of its bytes, if all of them exist.
    package var fallsBackToBytes = false
    var spaces = Metaspace()

    package init(_ specials: SpecialNumbers) { self.specials = specials }
  }

  package let settings: Settings
  let pieces: UnigramPieces
  let normalizer: UnigramNormalizer
  private let added: AddedTokens
  /// The piece for each byte, or -1; empty without fallback to bytes.
  let bytePieces: [Int32]

  /// - Throws: `TextError` if a number of the settings is no piece, or an added token has the number of another piece.
  init(pieces: UnigramPieces, normalizer: UnigramNormalizer, settings: Settings) throws(TextError) {
    self.pieces = pieces
    self.normalizer = normalizer
    self.settings = settings
    try Self.check(settings, pieces)
    added = AddedTokens(
      settings.addedTokens.map { token in
        (token.token, token.token.isSecond ? normalizer.normalized(token.text).bytes : token.text)
      })
    bytePieces = settings.fallsBackToBytes ? (0...255).map { pieces.number(of: Self.name(ofByte: $0)) ?? -1 } : []
  }

  private static func check(_ settings: Settings, _ pieces: UnigramPieces) throws(TextError) {
    guard Set(settings.addedTokens.map(\.token.id)).count == settings.addedTokens.count else { throw .repeatedAddedToken }
    for token in settings.addedTokens {
      let (id, known) = (token.token.id, pieces.number(of: token.text))
      guard !token.text.isEmpty, id >= 0, known == nil ? Int(id) >= pieces.count : known == id else {
        let piece = known.map { ", but is piece \($0)" } ?? ", which belongs to another piece"
        throw .addedToken(token.spelling, "has the number \(id)\(piece)")
      }
    }
    let added = Set(settings.addedTokens.map(\.token.id))
    for (name, id) in settings.specials.named {
      guard id >= 0, Int(id) < pieces.count || added.contains(id) else { throw .tokenNumber(name, id, count: pieces.count) }
    }
    guard Int(settings.specials.unknown) < pieces.count else {
      throw .tokenNumber("unknown", settings.specials.unknown, count: pieces.count)
    }
    guard (1...4).contains(settings.spaces.mark.count) else { throw .unigram("spaces: the mark is not one scalar") }
  }

  /// "<0x0A>", as SentencePiece spells the piece of a byte.
  private static func name(ofByte byte: Int) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return Array("<0x".utf8) + [digits[byte >> 4], digits[byte & 15]] + Array(">".utf8)
  }

  /// The number of tokens. If some numbers are unused, one more than the largest.
  package var count: Int { max(pieces.count, (settings.addedTokens.map { Int($0.token.id) }.max() ?? 0) + 1) }

  /// Appends the tokens of `text` to `ids`, without <s> and </s>.
  ///
  /// - Complexity: linear in `text`, in the worst case times the length of the longest piece.
  package func encode(_ text: String, into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    encode(Array(text.utf8), into: &ids, specialTokens: specialTokens)
  }

  /// Appends the tokens of UTF-8 bytes to `ids`. A byte that is not valid UTF-8 counts as one unknown scalar.
  package func encode(_ bytes: [UInt8], into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    var segmenter = Segmenter(self)
    for part in added.parts(of: bytes, rounds: 0...0, specialTokens: specialTokens) {
      if let token = part.token {
        ids.append(token)
        continue
      }
      let isWhole = part.range == 0..<bytes.count
      var text = normalizer.normalized(isWhole ? bytes : Array(bytes[part.range]))
      if part.range.lowerBound > 0 { text = text.withoutBeginning }
      if added.hasSecondRound {
        for part in added.parts(of: text.bytes, rounds: 1...1, specialTokens: specialTokens) {
          if let token = part.token { ids.append(token) } else { segmenter.add(part.range, of: text, to: &ids) }
        }
      } else {
        segmenter.add(0..<text.bytes.count, of: text, to: &ids)
      }
    }
    withExtendedLifetime(self) {}
  }

  /// The text of `ids`, as the Metaspace decoder of `tokenizers` makes it: the marks of the first token become nothing, unless no
  /// mark is put before a text. Invalid UTF-8 becomes U+FFFD. Unknown numbers are skipped.
  package func decode(_ ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> String {
    var bytes: [UInt8] = []
    var dropsMarks = settings.spaces.prefix != .never
    for id in ids {
      if skippingSpecials, settings.addedTokens.contains(where: { $0.token.id == id && $0.token.isSpecial }) { continue }
      guard bytesOfPiece(id) != nil else { continue }
      bytes += self.bytes(of: id, space: dropsMarks ? [] : [0x20])
      dropsMarks = false
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A token's own text: marks become `space`, the piece of a byte becomes that byte. Empty for an unknown number.
  package func bytes(of number: Int32, space: [UInt8] = [0x20]) -> [UInt8] {
    if let byte = bytePieces.firstIndex(of: number) { return [UInt8(byte)] }
    let mark = settings.spaces.mark
    var rest = (bytesOfPiece(number) ?? [])[...]
    var bytes: [UInt8] = []
    while let first = rest.first {
      let isMark = rest.starts(with: mark)
      if isMark { bytes += space } else { bytes.append(first) }
      rest = rest.dropFirst(isMark ? mark.count : 1)
    }
    return bytes
  }

  /// The token as the vocabulary spells it, or nil if there is none.
  package func piece(_ number: Int32) -> String? { bytesOfPiece(number).map { String(decoding: $0, as: UTF8.self) } }

  private func bytesOfPiece(_ number: Int32) -> [UInt8]? {
    guard number >= 0, Int(number) < pieces.count else {
      return settings.addedTokens.first { $0.token.id == number }?.text
    }
    return pieces[Int(number)]
  }

  /// Equal pieces, normalisers and settings produce equal tokens.
  package static func == (first: Unigram, second: Unigram) -> Bool {
    first.settings == second.settings && first.normalizer == second.normalizer && first.pieces == second.pieces
  }
}
