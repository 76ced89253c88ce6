// SPDX-License-Identifier: Apache-2.0

extension WordPiece {
  /// Collects the normalised bytes of one word at a time, and converts each finished word to pieces.
  struct WordBuilder {
    private let pieces: PieceTable
    private let scalars: BertScalars
    private let unknown: Int32
    /// The current word, and its number of scalars. Bytes beyond `longestWord` scalars are not stored.
    private var word: [UInt8] = []
    private var scalarCount = 0
    /// Marks that stay and wait for canonical ordering, which the next scalar of combining class 0 triggers.
    private var marks: [(combiningClass: UInt32, scalar: UInt32)] = []
    private var hashes: [UInt64]

    init(wordPiece: WordPiece) {
      pieces = wordPiece.pieces
      scalars = wordPiece.scalars
      unknown = wordPiece.unknown
      word.reserveCapacity(4 * WordPiece.longestWord)
      hashes = [UInt64](repeating: 0, count: wordPiece.pieces.longest)
    }

    /// Adds the next scalar of the text.
    @inline(__always)
    mutating func add(_ scalar: UInt32, into ids: inout [Int32]) {
      let value = scalars.table[scalar]
      switch value & 15 {
      case BertScalarKind.letter: addLetter(scalar)
      case BertScalarKind.drop: break
      case BertScalarKind.barrier: orderMarks()
      case BertScalarKind.space: finishWord(into: &ids)
      case BertScalarKind.punctuation, BertScalarKind.ideograph: addAlone(scalar, into: &ids)
      case BertScalarKind.toLetter: addLetter(value >> 4)
      case BertScalarKind.toPunctuation, BertScalarKind.toIdeograph: addAlone(value >> 4, into: &ids)
      case BertScalarKind.mark: marks.append((value >> 4, scalar))
      case BertScalarKind.hangul: addHangul(scalar)
      default: addSequence(Int(value >> 4), into: &ids)
      }
    }

    /// Ends the word, if any, and appends its pieces: all of them, or only the unknown token.
    mutating func finishWord(into ids: inout [Int32]) {
      orderMarks()
      guard scalarCount > 0 else { return }
      if scalarCount > WordPiece.longestWord || !match(into: &ids) { ids.append(unknown) }
      word.removeAll(keepingCapacity: true)
      scalarCount = 0
    }

    @inline(__always)
    private mutating func addLetter(_ scalar: UInt32) {
      if !marks.isEmpty { orderMarks() }
      append(scalar)
    }

    private mutating func addAlone(_ scalar: UInt32, into ids: inout [Int32]) {
      finishWord(into: &ids)
      append(scalar)
      finishWord(into: &ids)
    }

    @inline(__always)
    private mutating func append(_ scalar: UInt32) {
      if scalarCount < WordPiece.longestWord { UTF8Bytes.append(scalar, to: &word) }
      scalarCount += 1
    }

    /// Unicode, section 3.12: a syllable is a leading consonant, a vowel and possibly a trailing consonant.
    private mutating func addHangul(_ scalar: UInt32) {
      let index = scalar - 0xAC00
      addLetter(0x1100 + index / 588)
      append(0x1161 + index % 588 / 28)
      if index % 28 != 0 { append(0x11A7 + index % 28) }
    }

    /// Adds the scalars of an expansion. The table maps each of them to itself, so this does not recurse.
    private mutating func addSequence(_ number: Int, into ids: inout [Int32]) {
      for part in scalars.expansions[number] {
        let value = scalars.table[part]
        switch value & 15 {
        case BertScalarKind.barrier: orderMarks()
        case BertScalarKind.mark: marks.append((value >> 4, part))
        case BertScalarKind.punctuation: addAlone(part, into: &ids)
        default: addLetter(part)
        }
      }
    }

    /// Canonical ordering: by combining class; marks of equal class keep their order.
    private mutating func orderMarks() {
      guard !marks.isEmpty else { return }
      if marks.count > 1 {
        let order = marks.indices.sorted { (marks[$0].combiningClass, $0) < (marks[$1].combiningClass, $1) }
        for index in order { append(marks[index].scalar) }
      } else {
        append(marks[0].scalar)
      }
      marks.removeAll(keepingCapacity: true)
    }

    /// Appends the pieces of the word. If some part of it has no piece, appends nothing and returns false.
    private mutating func match(into ids: inout [Int32]) -> Bool {
      let before = ids.count
      var start = 0
      while start < word.count {
        guard let found = pieces.longestMatch(in: word, at: start, hashes: &hashes) else {
          ids.removeSubrange(before...)
          return false
        }
        ids.append(found.number)
        start += found.length
      }
      return true
    }
  }
}
