// SPDX-License-Identifier: Apache-2.0
/// Byte-level BPE as GPT-2, RoBERTa and BART use it, equal to Hugging Face `tokenizers` on every text.
///
/// Added tokens are found first; what lies between them is cut into words (`ByteLevelWords`); a word's bytes are pieces,
/// which merges join, lowest rank first (Sennrich et al., 2016; Radford et al., 2019). All of it works on bytes and
/// Unicode scalars, never on `Character` or `String` equality.
///
///     let tokenizer = try ByteLevelBPE(pieces: pieces, merges: merges, settings: settings)
///     var ids: [Int32] = []
///     tokenizer.encode("Flooding in #RiverTown", into: &ids)
///     tokenizer.decode(ids)  // "Flooding in #RiverTown"
package struct ByteLevelBPE: Sendable {
  /// What is no piece and no merge.
  package struct Settings: Sendable, Equatable {
    /// Whether a text (and what follows an added token) gets a space before it, unless it begins with one.
    package var addsPrefixSpace = false
    /// The numbers of <s>, <pad>, </s>, <unk> and <mask>.
    package var begin, padding, end, unknown: Int32
    package var mask: Int32?
    /// How many </s> stand between the texts of a pair: 2 in RoBERTa's form, 1 in BERT's.
    package var pairSeparators = 2
    package var addedTokens: [AddedToken] = []
    /// What stands for a byte that is no piece; without it such a byte vanishes.
    package var unknownByte: Int32?
    /// Whether neighbours that are no pieces are one `unknownByte`.
    package var fusesUnknown = false

    package init(begin: Int32, padding: Int32, end: Int32, unknown: Int32, mask: Int32? = nil) {
      self.begin = begin
      self.padding = padding
      self.end = end
      self.unknown = unknown
      self.mask = mask
    }
  }

  package let settings: Settings
  let pieces: PieceList
  let merges: MergeTable
  private let addedTokens: AddedTokens
  /// Added tokens by number.
  private let added: [Int32: AddedToken]
  /// The piece of every byte, -1 where there is none.
  private let bytePieces: [Int32]

  /// - Throws: `TextError` where a merge does not join two pieces to a third, or a number is no piece.
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

  /// How many pieces the vocabulary has, added tokens included.
  package var count: Int { pieces.count }

  /// Appends the tokens of `text` to `ids`. <s> and </s> are not added.
  ///
  /// - Complexity: O(n log n) for a word of n bytes, linear in the number of words.
  package func encode(_ text: String, into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    encode(Array(text.utf8), into: &ids, specialTokens: specialTokens)
  }

  /// The same for UTF-8 bytes. Bytes that are no UTF-8 count as marks, one each.
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
        // The pieces are the alphabet's scalars, so a byte of any sequence stands for itself.
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

  /// The text of `ids`, as bytes: they need not be UTF-8 where a character was cut. Unknown numbers are left out.
  package func bytes(of ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = []
    for id in ids where id >= 0 && Int(id) < pieces.count {
      if let token = added[id] {
        // Its text is what it is: it was never spelled in the alphabet (tokenizers#1996).
        if !(token.isSpecial && skippingSpecials) { bytes += pieces[Int(id)] }
      } else {
        ByteAlphabet.decode(pieces[Int(id)], into: &bytes)
      }
    }
    return bytes
  }

  /// The text of `ids`; what is no UTF-8 becomes U+FFFD.
  package func decode(_ ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> String {
    String(decoding: bytes(of: ids, skippingSpecials: skippingSpecials), as: UTF8.self)
  }

  /// The piece with this number as the vocabulary spells it, or nil where there is none.
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
        throw .merge(rank, "names a piece that is not one of \(pieces.count)")
      }
      guard pieces.isJoin(Int(merge.left), Int(merge.right), Int(merge.result)) else {
        throw .merge(rank, "does not make the piece it says")
      }
    }
  }

  private static func check(_ settings: Settings, count: Int) throws(TextError) {
    let numbers = [
      ("begin", settings.begin), ("padding", settings.padding), ("end", settings.end), ("unknown", settings.unknown),
    ]
    let others = [("mask", settings.mask), ("unknownByte", settings.unknownByte)]
      .compactMap { name, id in id.map { (name, $0) } }
    for (name, id) in numbers + others + settings.addedTokens.map({ ("addedTokens", $0.id) }) {
      guard id >= 0, Int(id) < count else { throw .tokenNumber(name, id, count: count) }
    }
    guard Set(settings.addedTokens.map(\.id)).count == settings.addedTokens.count else { throw .repeatedAddedToken }
    guard (1...2).contains(settings.pairSeparators) else { throw .pairSeparators(settings.pairSeparators) }
  }
}
