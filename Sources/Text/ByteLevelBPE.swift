// SPDX-License-Identifier: Apache-2.0
/// Byte-level BPE as in GPT-2, RoBERTa and BART, equal to Hugging Face `tokenizers` on every text.
///
/// It matches added tokens first and splits the text between them into words (`ByteLevelWords`). The bytes of a word are its
/// first pieces, and merges join them, lowest rank first (Sennrich et al., 2016; Radford et al., 2019). It works on bytes and
/// Unicode scalars, never on `Character` or `String` equality.
///
///     let tokenizer = try ByteLevelBPE(pieces: pieces, merges: merges, settings: settings)
///     var ids: [Int32] = []
///     tokenizer.encode("Flooding in #RiverTown", into: &ids)
///     tokenizer.decode(ids)  // "Flooding in #RiverTown"
package struct ByteLevelBPE: Sendable {
  /// Everything except pieces and merges.
  package struct Settings: Sendable, Equatable {
    /// Whether a space is put before a text, and before text after an added token, unless it begins with one.
    package var addsPrefixSpace = false
    package var specials: SpecialNumbers
    /// The number of </s> between the texts of a pair: 2 as in RoBERTa, 1 as in BERT.
    package var pairSeparators = 2
    package var addedTokens: [AddedToken] = []
    /// The token for a byte that is not a piece. If nil, such a byte is dropped.
    package var unknownByte: Int32?
    /// Whether adjacent bytes that are not pieces become one `unknownByte`.
    package var fusesUnknown = false

    package init(_ specials: SpecialNumbers) { self.specials = specials }
  }

  package let settings: Settings
  let pieces: PieceList
  let merges: MergeTable
  private let addedTokens: AddedTokens
  /// Added tokens by number.
  private let added: [Int32: AddedToken]
  /// The piece for each byte, or -1 if there is none.
  private let bytePieces: [Int32]

  /// - Throws: `TextError` if a merge does not join two pieces to a third, or a number is not a piece.
  init(pieces: PieceList, merges: [MergeTable.Merge], settings: Settings) throws(TextError) {
    try Self.check(merges, pieces)
    try Self.check(settings, count: pieces.count)
    self.settings = settings
    self.pieces = pieces
    self.merges = MergeTable(merges)
    addedTokens = AddedTokens(settings.addedTokens, pieces: pieces)
    added = Dictionary(settings.addedTokens.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    bytePieces = Self.bytePieces(pieces)
  }

  /// The number of pieces, added tokens included.
  package var count: Int { pieces.count }

  /// Appends the tokens of `text` to `ids`, without <s> and </s>.
  ///
  /// - Complexity: O(n log n) for a word of n bytes, linear in the number of words.
  package func encode(_ text: String, into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    encode(Array(text.utf8), into: &ids, specialTokens: specialTokens)
  }

  /// Appends the tokens of UTF-8 bytes to `ids`. A byte that is not valid UTF-8 counts as one punctuation mark.
  package func encode(_ bytes: [UInt8], into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    var merger = Merger(merges: merges)
    for part in addedTokens.parts(of: bytes, specialTokens: specialTokens) {
      if let token = part.token {
        ids.append(token)
      } else if settings.addsPrefixSpace, bytes[part.range.lowerBound] != 0x20 {
        let spaced = [0x20] + bytes[part.range]
        encodeWords(of: spaced, 0..<spaced.count, with: &merger, into: &ids)
      } else {
        encodeWords(of: bytes, part.range, with: &merger, into: &ids)
      }
    }
  }

  private func encodeWords(
    of bytes: [UInt8], _ range: Range<Int>, with merger: inout Merger, into ids: inout [Int32]
  ) {
    let words = ByteLevelWords.shared
    var start = range.lowerBound
    while start < range.upperBound {
      let end = words.end(of: start, in: bytes, limit: range.upperBound)
      var isAfterUnknown = false
      for byte in bytes[start..<end] {
        // Each byte has its own scalar in the alphabet, so invalid UTF-8 needs no special case.
        let piece = bytePieces[Int(byte)]
        if piece >= 0 {
          merger.add(piece)
          isAfterUnknown = false
        } else if let unknown = settings.unknownByte, !(isAfterUnknown && settings.fusesUnknown) {
          merger.add(unknown)
          isAfterUnknown = true
        }
      }
      merger.finish(into: &ids)
      start = end
    }
  }

  /// The text of `ids` as bytes, which are not valid UTF-8 if a character was cut. Unknown numbers are skipped.
  package func bytes(of ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = []
    for id in ids where id >= 0 && Int(id) < pieces.count {
      if let token = added[id] {
        // Its text is not spelled in the byte alphabet (tokenizers#1996).
        if !(token.isSpecial && skippingSpecials) { bytes += pieces[Int(id)] }
      } else {
        ByteAlphabet.decode(pieces[Int(id)], into: &bytes)
      }
    }
    return bytes
  }

  /// The text of `ids`. Invalid UTF-8 becomes U+FFFD.
  package func decode(_ ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> String {
    String(decoding: bytes(of: ids, skippingSpecials: skippingSpecials), as: UTF8.self)
  }

  /// The piece with this number as the vocabulary spells it, or nil if there is none.
  package func piece(_ number: Int32) -> String? {
    guard number >= 0, number < pieces.count else { return nil }
    return String(decoding: pieces[Int(number)], as: UTF8.self)
  }

  private static func bytePieces(_ pieces: PieceList) -> [Int32] {
    var result = [Int32](repeating: -1, count: 256)
    for number in 0..<pieces.count where (1...2).contains(pieces[number].count) {
      let piece = pieces[number]
      var position = 0
      let scalar = UTF8Bytes.next(in: Array(piece), at: &position)
      if position == piece.count, let byte = ByteAlphabet.byte(of: scalar) { result[Int(byte)] = Int32(number) }
    }
    return result
  }

  private static func check(_ merges: [MergeTable.Merge], _ pieces: PieceList) throws(TextError) {
    let range = 0..<Int32(clamping: pieces.count)
    for (rank, merge) in merges.enumerated() {
      guard range.contains(merge.left), range.contains(merge.right), range.contains(merge.result) else {
        throw .merge(rank, "names a piece outside 0..<\(pieces.count)")
      }
      guard pieces.isJoin(Int(merge.left), Int(merge.right), Int(merge.result)) else {
        throw .merge(rank, "does not join its two pieces to the piece that it names")
      }
    }
  }

  private static func check(_ settings: Settings, count: Int) throws(TextError) {
    let others = (settings.unknownByte.map { [("unknownByte", $0)] } ?? []) + settings.addedTokens.map { ("addedTokens", $0.id) }
    for (name, id) in settings.specials.named + others {
      guard id >= 0, Int(id) < count else { throw .tokenNumber(name, id, count: count) }
    }
    guard Set(settings.addedTokens.map(\.id)).count == settings.addedTokens.count else { throw .repeatedAddedToken }
    guard (1...2).contains(settings.pairSeparators) else { throw .pairSeparators(settings.pairSeparators) }
  }
}
