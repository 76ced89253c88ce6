// SPDX-License-Identifier: Apache-2.0

/// The words of a network that reads whole words, and how often its training rows had them.
///
/// The file (a network's words.txt, the section text/words) has the number of words that can be written in its first line, then a
/// line "word TAB count" for each word. The first words are <pad>, <unk>, <s> and </s>.
/// Tools/assigner_training/bi_attention/vocabulary.py writes it.
package struct WordVocabulary: Sendable {
  /// The number of words that can be written: the first ones.
  package let outputs: Int
  private let pieces: PieceTable
  /// Bits of information of each word, -log2 of its share.
  private let costs: [Double]
  /// The scalars of the longest word that may be found in a run without spaces.
  private let longest: Int
  /// The cost of a scalar that no word has.
  private let unknownCost: Double

  private static let specials = ["<pad>", "<unk>", "<s>", "</s>"]

  /// - Throws: `TextError` if a line is no word with its count, a word is repeated, or the first words are others.
  /// - Complexity: linear in the bytes.
  package init(_ bytes: [UInt8]) throws(TextError) {
    var lines = bytes.split(separator: 0x0A, maxSplits: PieceTable.maximumCount + 1, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.first, let outputs = Self.number(first) else { throw .wordLine(1) }
    var (words, counts) = ([UInt8](), [Int]())
    words.reserveCapacity(bytes.count)
    counts.reserveCapacity(lines.count)
    for (place, line) in lines.enumerated().dropFirst() {
      guard let tab = line.lastIndex(of: 0x09), tab > line.startIndex, let count = Self.number(line[(tab + 1)...]) else {
        throw .wordLine(place + 1)
      }
      words += line[..<tab] + [0x0A]
      counts.append(count)
    }
    let pieces = try PieceTable(vocabulary: words)
    let start = (0..<min(4, pieces.count)).map { String(decoding: pieces.piece($0), as: UTF8.self) }
    guard start == Self.specials else { throw .wrongStart(expected: Self.specials) }
    guard outputs >= Self.specials.count, outputs <= pieces.count else { throw .wordLine(1) }
    self.pieces = pieces
    self.outputs = outputs
    let total = Self.bits(counts.reduce(1) { $0 + $1 })
    costs = counts.map { total - Self.bits(max($0, 1)) }
    unknownCost = total + 4
    longest = min(
      UnspacedWord.longestPart, (4..<pieces.count).reduce(1) { max($0, Self.scalars(pieces.piece($1))) })
  }

  package var count: Int { pieces.count }

  /// The word with this number; nil if there is none.
  package func word(_ number: Int32) -> String? {
    guard number >= 0, number < pieces.count else { return nil }
    return String(decoding: pieces.piece(Int(number)), as: UTF8.self)
  }

  /// The number of a word; nil for an unknown or special one.
  package func number(of word: String) -> Int32? {
    pieces.number(of: word).flatMap { $0 < Self.specials.count ? nil : Int32(truncatingIfNeeded: $0) }
  }

  /// The likeliest segmentation of a run without spaces: the words whose counts make it most probable. Scalars that no word has
  /// stay together as unknown words; letters of other scripts are not divided.
  ///
  /// - Complexity: up to `UnspacedWord.longestPart` look-ups for each scalar.
  func segments(of run: UnspacedWord) -> [String] {
    var starts = [0]
    while let place = starts.last, place < run.count {
      starts.append(run.isUnspaced(place) ? place + 1 : run.endOfStretch(from: place))
    }
    // best[i]: the least cost up to starts[i], and where its last word starts.
    var best = [(cost: 0.0, from: 0, isKnown: true)]
    for end in starts.indices.dropFirst() {
      var found = (cost: best[end - 1].cost + unknownCost, from: end - 1, isKnown: false)
      var from = end - 1
      while from >= 0, starts[end] - starts[from] <= longest || from == end - 1 {
        if let number = number(of: run.text(starts[from]..<starts[end])) {
          let cost = best[from].cost + costs[Int(number)]
          if cost < found.cost { found = (cost, from, true) }
        }
        from -= 1
      }
      best.append(found)
    }
    var (parts, end) = ([Range<Int>](), starts.count - 1)
    var lastIsKnown = true
    while end > 0 {
      let (_, from, isKnown) = best[end]
      if !isKnown, !lastIsKnown, let last = parts.popLast() {
        parts.append(starts[from]..<last.upperBound)
      } else {
        parts.append(starts[from]..<starts[end])
      }
      (lastIsKnown, end) = (isKnown, from)
    }
    return parts.reversed().map { run.text($0) }
  }

  /// log2 x, linear between the powers of two: at most 0.09 bits too low, the same on every machine.
  private static func bits(_ x: Int) -> Double {
    let x = Double(x)
    return Double(x.exponent) + x.significand - 1
  }

  private static func scalars(_ word: ArraySlice<UInt8>) -> Int { word.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }

  /// A decimal number below 10^9.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
