// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The pieces of a Unigram vocabulary and their scores: a trie from bytes to numbers, and the text of each number.
///
/// All of it lies in the model file or in arrays like those of the file. Nothing is trusted but what is checked here: the scores
/// are finite, and there are as many as pieces. A damaged trie or text gives wrong tokens, never a read outside.
struct UnigramPieces: Sendable, Equatable {
  /// What the score of a scalar without a piece is below the lowest score; `kUnkPenalty` of SentencePiece.
  private static let unknownPenalty = 10.0

  let trie: DoubleArray
  /// The bits of each piece's score, float64.
  let scores: Elements<UInt64>
  /// The start of each piece in `texts`, and the end of the last one.
  let starts: Elements<UInt32>
  let texts: Elements<UInt8>
  /// The score of a scalar without a piece.
  let unknownScore: Double

  /// - Throws: `TextError` if the counts differ, there are too many pieces or none, or a score is not finite.
  init(
    trie: DoubleArray, scores: Elements<UInt64>, starts: Elements<UInt32>, texts: Elements<UInt8>
  ) throws(TextError) {
    guard scores.count <= PieceTable.maximumCount else { throw .tooManyPieces(limit: PieceTable.maximumCount) }
    guard scores.count > 0, starts.count == scores.count + 1 else {
      throw .unigram("vocabulary: has \(scores.count) scores for \(starts.count - 1) pieces")
    }
    var least = Double.infinity
    for number in 0..<scores.count {
      let score = Double(bitPattern: scores[number])
      guard score.isFinite else { throw .score(number) }
      least = min(least, score)
    }
    withExtendedLifetime(scores) {}
    unknownScore = least - Self.unknownPenalty
    (self.trie, self.scores, self.starts, self.texts) = (trie, scores, starts, texts)
  }

  /// Pieces by number, with their scores. Of equal pieces the last is found, as in `tokenizers`.
  ///
  /// - Throws: `TextError` if a piece is empty, too long or has a zero byte, or for a score that is not finite.
  init(_ pieces: [(text: [UInt8], score: Double)]) throws(TextError) {
    guard pieces.count <= PieceTable.maximumCount else { throw .tooManyPieces(limit: PieceTable.maximumCount) }
    var texts: [UInt8] = []
    var starts: [UInt32] = [0]
    for (number, piece) in pieces.enumerated() {
      guard (1...PieceTable.maximumLength).contains(piece.text.count), !piece.text.contains(0) else {
        throw .unigram(
          "vocabulary: piece \(number) must have 1 to \(PieceTable.maximumLength) bytes and no U+0000")
      }
      texts += piece.text
      starts.append(UInt32(texts.count))
    }
    let slices = pieces.indices.map { texts[Int(starts[$0])..<Int(starts[$0 + 1])] }
    let order = pieces.indices.sorted { first, second in
      slices[first].lexicographicallyPrecedes(slices[second]) || first < second && slices[first].elementsEqual(slices[second])
    }
    var keys: [(key: ArraySlice<UInt8>, number: Int32)] = []
    for number in order {
      if let last = keys.last, last.key.elementsEqual(slices[number]) { keys.removeLast() }
      keys.append((slices[number], Int32(number)))
    }
    try self.init(
      trie: DoubleArray(keys: keys), scores: Elements(pieces.map(\.score.bitPattern)), starts: Elements(starts),
      texts: Elements(texts))
  }

  var count: Int { scores.count }

  /// The bytes of piece `number`, which must be in 0 ..< count; empty if the file is damaged.
  subscript(number: Int) -> [UInt8] {
    let (start, end) = (Int(starts[number]), Int(starts[number + 1]))
    guard start <= end, end <= texts.count else { return [] }
    defer { withExtendedLifetime(self) {} }
    return (start..<end).map { texts[$0] }
  }

  /// The score of piece `number`, which must be in 0 ..< count.
  @inline(__always)
  func score(_ number: Int) -> Double { Double(bitPattern: scores[number]) }

  /// The number of the piece with exactly these bytes, or nil.
  func number(of piece: some Sequence<UInt8>) -> Int32? {
    guard let number = trie.number(of: piece), Int(number) < count else { return nil }
    return number
  }
}
