// SPDX-License-Identifier: Apache-2.0

/// The pieces that the generator spells hashtags with, and vocab.txt's form.
enum Vocabulary {
  /// The same lines ended by LF alone, without the blanks at their ends, which no reader of a vocabulary keeps.
  static func unified(_ bytes: [UInt8]) -> [UInt8] {
    Array(pieces(bytes).map { $0.reversed().drop { [0x20, 0x09, 0x0D].contains($0) }.reversed() + [0x0A] }.joined())
  }

  /// The lines; the last one may lack its newline. Beyond four million, more than any vocabulary has, they are not cut.
  static func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1 << 22, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// generation_vocab.txt, with one piece for each row of the generator's embeddings.
  static func generation(_ folder: CheckpointFolder, size: Int) throws(ConversionError) -> [UInt8] {
    let bytes = try folder.bytes("generation_vocab.txt")
    let path = folder.path(of: "generation_vocab.txt")
    let pieces = Self.pieces(bytes)
    guard pieces.count == size else {
      throw .vocabulary(path: path, "has \(pieces.count) pieces; the configuration says \(size)")
    }
    for (index, special) in ["<s>", "<pad>", "</s>"].enumerated() where !pieces[index].elementsEqual(special.utf8) {
      throw .vocabulary(path: path, "line \(index + 1) is not \(special)")
    }
    return bytes
  }
}
