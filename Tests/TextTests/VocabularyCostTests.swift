// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

/// A few megabytes of line ends unpack from some kilobytes. The limit on pieces applies before they take all memory.
@Suite struct VocabularyCostTests {
  @Test func piecesAreCounted() {
    let lines = [UInt8](repeating: 0x0A, count: PieceTable.maximumCount + 1)
    #expect(throws: TextError.tooManyPieces(limit: PieceTable.maximumCount)) { try PieceTable(vocabulary: lines) }
    let piece: [UInt8] = [1, 0x61]
    let pieces = (0...PieceTable.maximumCount).flatMap { _ in piece }
    let settings = ByteLevelBPE.Settings(SpecialNumbers(begin: 0, padding: 0, end: 0, unknown: 0))
    #expect(throws: TextError.tooManyPieces(limit: PieceTable.maximumCount)) {
      try ByteLevelBPE(storedPieces: pieces, storedMerges: [], settings: settings)
    }
    #expect(throws: TextError.tooManyPieces(limit: PieceTable.maximumCount)) {
      try ByteLevelBPE(
        storedPieces: piece, storedMerges: [UInt8](repeating: 0, count: 3 * PieceTable.maximumCount + 3), settings: settings)
    }
  }

  @Test func piecesHaveALength() throws {
    let longest = [UInt8](repeating: 0x61, count: PieceTable.maximumLength)
    #expect(try PieceTable(vocabulary: longest).longest == PieceTable.maximumLength)
    #expect(throws: TextError.self) { try PieceTable(vocabulary: longest + [0x61]) }
  }
}
