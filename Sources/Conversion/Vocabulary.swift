// SPDX-License-Identifier: Apache-2.0

import Text

/// Reads the files vocab.txt, generation_vocab.txt and words.txt.
enum Vocabulary {
  /// Ends all lines with LF only, and drops the blanks at their ends, as every reader of a vocabulary does.
  static func unified(_ bytes: [UInt8]) -> [UInt8] {
    Array(pieces(bytes).map { $0.reversed().drop { [0x20, 0x09, 0x0D].contains($0) }.reversed() + [0x0A] }.joined())
  }

  /// Splits into lines; the last may lack its newline. Splits at most four million lines, more than any vocabulary has.
  static func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1 << 22, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Reads the words.txt of a bi-attention network, which has a word for each row of the embeddings.
  static func words(_ folder: CheckpointFolder, _ shape: BiAttentionShape) throws(ConversionError) -> [UInt8] {
    let bytes = try folder.bytes("words.txt")
    let path = folder.path(of: "words.txt")
    let words: WordVocabulary
    do { words = try WordVocabulary(bytes) } catch { throw .vocabulary(path: path, "\(error)") }
    guard words.count == shape.words, words.outputs == shape.outputs else {
      throw .vocabulary(
        path: path,
        "has \(words.count) words, \(words.outputs) to be written; the configuration says \(shape.words) and \(shape.outputs)")
    }
    return bytes
  }

  /// Reads generation_vocab.txt, which has one token for each row of the generator's embeddings.
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
