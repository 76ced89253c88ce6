// SPDX-License-Identifier: Apache-2.0
/// A byte-level BPE in the model file: two sections of LEB128 numbers. `pieces` has the length of each piece, followed by
/// its bytes. `merges` has left piece, right piece and result of each merge, by rank.
extension ByteLevelBPE {
  /// - Parameters:
  ///   - pieces: by number, spelled as in vocab.json.
  ///   - merges: by rank: left, right, result.
  /// - Throws: `TextError` if a merge does not join two pieces to a third, or a number is not a piece.
  package init(
    pieces: [[UInt8]], merges: [(left: Int32, right: Int32, result: Int32)], settings: Settings
  ) throws(TextError) {
    var list = PieceList()
    for piece in pieces { list.append(piece) }
    try self.init(
      pieces: list, merges: merges.map { MergeTable.Merge(left: $0.left, right: $0.right, result: $0.result) },
      settings: settings)
  }

  /// Reads the stored form.
  ///
  /// - Throws: `TextError` if a section is truncated or its content is invalid.
  /// - Complexity: linear; 50,265 pieces and 49,992 merges take a few milliseconds.
  package init(storedPieces: [UInt8], storedMerges: [UInt8], settings: Settings) throws(TextError) {
    var pieces = PieceList()
    var position = 0
    while position < storedPieces.count {
      let start = position
      guard let length = VariableLength.next(in: storedPieces, at: &position), length <= storedPieces.count - position
      else { throw .pieces(byte: start, "the section ends inside the piece") }
      guard length > 0 else { throw .pieces(byte: start, "the piece is empty") }
      pieces.append(storedPieces[position..<position + length])
      guard pieces.count <= PieceTable.maximumCount else { throw .tooManyPieces(limit: PieceTable.maximumCount) }
      position += length
    }
    var merges: [MergeTable.Merge] = []
    merges.reserveCapacity(min(storedMerges.count / 3, PieceTable.maximumCount))
    position = 0
    while position < storedMerges.count {
      guard let left = VariableLength.next(in: storedMerges, at: &position),
        let right = VariableLength.next(in: storedMerges, at: &position),
        let result = VariableLength.next(in: storedMerges, at: &position)
      else { throw .merge(merges.count, "the section ends inside it") }
      merges.append(MergeTable.Merge(left: Int32(left), right: Int32(right), result: Int32(result)))
      guard merges.count <= PieceTable.maximumCount else { throw .tooManyPieces(limit: PieceTable.maximumCount) }
    }
    try self.init(pieces: pieces, merges: merges, settings: settings)
  }

  package var storedPieces: [UInt8] {
    var bytes: [UInt8] = []
    for number in 0..<pieces.count {
      VariableLength.append(pieces[number].count, to: &bytes)
      bytes += pieces[number]
    }
    return bytes
  }

  package var storedMerges: [UInt8] {
    var bytes: [UInt8] = []
    for merge in merges.merges {
      for number in [merge.left, merge.right, merge.result] { VariableLength.append(Int(number), to: &bytes) }
    }
    return bytes
  }
}

extension ByteLevelBPE: Equatable {
  /// Equal pieces, merges and settings produce equal tokens.
  package static func == (first: ByteLevelBPE, second: ByteLevelBPE) -> Bool {
    first.settings == second.settings && first.pieces == second.pieces && first.merges.merges == second.merges.merges
  }
}
