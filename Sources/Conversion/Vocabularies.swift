import ModelFile

/// The word pieces of the three encoders (one list) and of the generator's hashtags.
struct Vocabularies: Sendable {
  let encoder: [UInt8]
  let generation: [UInt8]

  /// Checks that all networks read text in one way, and that there is one piece for each row of their embeddings.
  init(
    retriever: CheckpointFolder, selector: CheckpointFolder, generator: CheckpointFolder, encoderSizes: [Int],
    generationSize: Int
  ) throws(ConversionError) {
    let folders = [retriever, selector, generator]
    let first = try retriever.bytes("vocab.txt")
    for (folder, size) in zip(folders, encoderSizes) {
      let path = folder.path(of: "vocab.txt")
      let bytes = try folder.bytes("vocab.txt")
      let pieces = Self.pieces(bytes)
      guard pieces.count == size else {
        throw .vocabulary(path: path, "has \(pieces.count) pieces; the configuration says \(size)")
      }
      for special in ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] where !pieces.contains(where: { $0.elementsEqual(special.utf8) }) {
        throw .vocabulary(path: path, "lacks \(special)")
      }
      guard bytes == first else {
        throw .vocabulary(path: path, "differs from \(retriever.path(of: "vocab.txt")); the networks share one tokenizer")
      }
      try Self.checkTokenizer(folder)
    }
    encoder = first
    generation = try generator.bytes("generation_vocab.txt")
    let path = generator.path(of: "generation_vocab.txt")
    let pieces = Self.pieces(generation)
    guard pieces.count == generationSize else {
      throw .vocabulary(path: path, "has \(pieces.count) pieces; the configuration says \(generationSize)")
    }
    for (index, special) in ["<s>", "<pad>", "</s>"].enumerated() where !pieces[index].elementsEqual(special.utf8) {
      throw .vocabulary(path: path, "line \(index + 1) is not \(special)")
    }
  }

  /// The lines; the last one may lack its newline.
  static func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// The runtime's WordPiece is that of an uncased BERT; a tokenizer set otherwise would silently read other tokens.
  private static func checkTokenizer(_ folder: CheckpointFolder) throws(ConversionError) {
    let config = try folder.json("tokenizer_config.json")
    do {
      try config.require("do_lower_case", true)
      for key in ["tokenize_chinese_chars", "do_basic_tokenize"] where config[key] != nil { try config.require(key, true) }
      if let strip = config["strip_accents"], strip != .null { try config.require("strip_accents", true) }
      if let name = config["tokenizer_class"], name != "BertTokenizer", name != "BertTokenizerFast" {
        try config.require("tokenizer_class", "BertTokenizer")
      }
    } catch {
      throw .json(path: folder.path(of: "tokenizer_config.json"), error)
    }
  }
}
