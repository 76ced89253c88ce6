// SPDX-License-Identifier: Apache-2.0
/// The pieces of a vocabulary, one a line, with a hash table from bytes to numbers (line numbers from 0).
///
/// Keys are bytes, never `String`, because canonically equivalent pieces are different pieces. Hashes of prefixes grow byte by
/// byte, so a longest match hashes a word once and not once per length.
struct PieceTable: Sendable {
  /// The vocabulary's bytes as given.
  private let bytes: [UInt8]
  /// The range of each piece in `bytes`.
  private var ranges: [Range<Int>] = []
  /// Open addressing: the high 32 bits of the hash, then the number + 1; 0 marks a free slot.
  private var slots: [UInt64]
  private let mask: Int
  /// The length of the longest piece in bytes, without "##".
  private(set) var longest = 0

  /// Far above any real vocabulary: the largest published ones have 262,000 pieces of up to some hundred bytes. The tables take
  /// about 50 bytes a piece, so this limit keeps a file of many lines from taking all memory.
  static let maximumCount = 1 << 20
  static let maximumLength = 1 << 12

  /// FNV-1a's initial state; `continuing` is the state after "##".
  static let beginning: UInt64 = 0xCBF2_9CE4_8422_2325
  static let continuing = hash(0x23, after: hash(0x23, after: beginning))

  /// Reads a vocabulary: one piece a line, LF or CRLF. Trailing blanks are dropped, as in `tokenizers`.
  ///
  /// - Complexity: linear in the bytes; about 30,000 pieces take a few milliseconds.
  init(vocabulary: [UInt8]) throws(TextError) {
    bytes = vocabulary
    var start = 0
    while start < vocabulary.count {
      let lineEnd = vocabulary[start...].firstIndex(of: 0x0A) ?? vocabulary.count
      var end = lineEnd
      while end > start, Self.isBlank(vocabulary[end - 1]) { end -= 1 }
      guard end - start <= Self.maximumLength else {
        throw .pieces(byte: start, "a piece has \(end - start) bytes; it may have \(Self.maximumLength)")
      }
      ranges.append(start..<end)
      guard ranges.count <= Self.maximumCount else { throw .tooManyPieces(limit: Self.maximumCount) }
      start = lineEnd + 1
    }
    if let broken = Self.firstInvalidLine(vocabulary) { throw .notUTF8(line: broken) }
    var capacity = 16
    while capacity < ranges.count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = [UInt64](repeating: 0, count: capacity)
    for number in ranges.indices {
      try insert(number)
    }
  }

  var count: Int { ranges.count }

  /// The bytes of piece `number`, which must be less than `count`.
  func piece(_ number: Int) -> ArraySlice<UInt8> { bytes[ranges[number]] }

  /// Whether piece `number` begins with "##".
  func isContinuation(_ number: Int) -> Bool { piece(number).starts(with: [0x23, 0x23]) }

  /// The number of the piece with this text, or nil if there is none.
  func number(of text: String) -> Int? {
    let word = Array(text.utf8)
    return find(word[...], hash: word.reduce(Self.beginning) { Self.hash($1, after: $0) }, prefix: 0)
  }

  /// One step of the hash.
  @inline(__always)
  static func hash(_ byte: UInt8, after state: UInt64) -> UInt64 {
    (state ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// The longest piece that matches `word` at `start`, and its length in bytes. After the start of the word, the piece has "##".
  ///
  /// `hashes` is scratch space of at least `longest` elements. Word and pieces are valid UTF-8, so a match of bytes always ends
  /// between scalars.
  @inline(__always)
  func longestMatch(in word: [UInt8], at start: Int, hashes: inout [UInt64]) -> (number: Int32, length: Int)? {
    var state = start == 0 ? Self.beginning : Self.continuing
    let limit = min(word.count - start, longest)
    for i in 0..<limit {
      state = Self.hash(word[start + i], after: state)
      hashes[i] = state
    }
    var length = limit
    while length > 0 {
      if let number = find(word[start..<start + length], hash: hashes[length - 1], prefix: start == 0 ? 0 : 2) {
        return (Int32(truncatingIfNeeded: number), length)
      }
      length -= 1
    }
    return nil
  }

  /// The number of the piece that is `prefix` times '#' followed by `word`.
  @inline(__always)
  private func find(_ word: ArraySlice<UInt8>, hash: UInt64, prefix: Int) -> Int? {
    var slot = Self.slot(of: hash) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { return nil }
      if entry >> 32 == hash >> 32 {
        let number = Int(entry & 0xFFFF_FFFF) - 1
        let range = ranges[number]
        if range.count == word.count + prefix, isEqual(word, at: range.lowerBound + prefix),
          prefix == 0 || (bytes[range.lowerBound] == 0x23 && bytes[range.lowerBound + 1] == 0x23)
        {
          return number
        }
      }
      slot = (slot + 1) & mask
    }
  }

  @inline(__always)
  private func isEqual(_ word: ArraySlice<UInt8>, at start: Int) -> Bool {
    var position = start
    for byte in word {
      if bytes[position] != byte { return false }
      position += 1
    }
    return true
  }

  @inline(__always)
  private static func slot(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 0x7FFF_FFFF)
  }

  private mutating func insert(_ number: Int) throws(TextError) {
    let word = bytes[ranges[number]]
    let hash = word.reduce(Self.beginning) { Self.hash($1, after: $0) }
    if let first = find(word, hash: hash, prefix: 0) {
      throw .repeatedPiece(String(decoding: word, as: UTF8.self), line: number + 1, firstLine: first + 1)
    }
    var slot = Self.slot(of: hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
    longest = max(longest, word.count - (word.starts(with: [0x23, 0x23]) ? 2 : 0))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// The first line (from 1) that is not valid UTF-8.
  private static func firstInvalidLine(_ vocabulary: [UInt8]) -> Int? {
    var decoder = UTF8()
    var input = vocabulary.makeIterator()
    var line = 1
    while true {
      switch decoder.decode(&input) {
      case .scalarValue(let scalar): if scalar == "\n" { line += 1 }
      case .emptyInput: return nil
      case .error: return line
      }
    }
  }
}
