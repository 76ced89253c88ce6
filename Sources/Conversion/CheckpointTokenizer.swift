// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// How a checkpoint reads its text: WordPiece of a vocab.txt or a tokenizer.json, byte-level BPE of a tokenizer.json or of
/// vocab.json and merges.txt; the first of these files that is there counts.
enum CheckpointTokenizer: Equatable, Sendable {
  /// The bytes of vocab.txt.
  case wordPiece([UInt8])
  case byteLevelBPE(ByteLevelBPE)

  /// - Parameter embeddings: the pieces that the network's configuration says it embeds.
  /// - Throws: `ConversionError` naming the file that is missing, that cannot be, or that does not fit the network.
  init(_ folder: CheckpointFolder, embeddings: Int) throws(ConversionError) {
    if let vocabulary = try folder.bytesIfThere("vocab.txt") {
      try Self.check(vocabulary, of: "vocab.txt", folder, embeddings)
      try Self.checkWordPiece(folder)
      self = .wordPiece(vocabulary)
      return
    }
    if let json = try Self.tokenizerJSON(folder), json.value(at: ["model", "type"]) == "WordPiece" {
      let vocabulary = try Self.fromText(folder, "tokenizer.json") { () throws(TextError) in
        try WordPiece.vocabulary(tokenizer: json)
      }
      try Self.check(vocabulary, of: "tokenizer.json", folder, embeddings)
      self = .wordPiece(vocabulary)
      return
    }
    let (tokenizer, name) = try Self.byteLevelBPE(folder)
    guard tokenizer.count <= embeddings else {
      throw .vocabulary(
        path: folder.path(of: name), "has \(tokenizer.count) pieces; the configuration says \(embeddings)")
    }
    self = .byteLevelBPE(tokenizer)
  }

  /// The same; nil for a folder without any of the files.
  static func ifThere(_ folder: CheckpointFolder, embeddings: Int) throws(ConversionError) -> CheckpointTokenizer? {
    for name in ["vocab.txt", "tokenizer.json", "vocab.json"] where try folder.bytesIfThere(name) != nil {
      return try CheckpointTokenizer(folder, embeddings: embeddings)
    }
    return nil
  }

  private static func tokenizerJSON(_ folder: CheckpointFolder) throws(ConversionError) -> JSONValue? {
    guard try folder.bytesIfThere("tokenizer.json") != nil else { return Optional.none }
    return try folder.json("tokenizer.json")
  }

  private static func byteLevelBPE(_ folder: CheckpointFolder) throws(ConversionError) -> (ByteLevelBPE, file: String) {
    var options = HuggingFaceTokenizerOptions()
    if try folder.bytesIfThere("tokenizer_config.json") != nil {
      let config = try folder.json("tokenizer_config.json")
      options = try fromText(folder, "tokenizer_config.json") { () throws(TextError) in
        try HuggingFaceTokenizerOptions(config)
      }
    }
    if let json = try tokenizerJSON(folder) {
      let tokenizer = try fromText(folder, "tokenizer.json") { () throws(TextError) in
        try ByteLevelBPE(tokenizer: json, options: options)
      }
      return (tokenizer, "tokenizer.json")
    }
    guard try folder.bytesIfThere("vocab.json") != nil else {
      throw .vocabulary(path: folder.path, "has no vocab.txt, no tokenizer.json and no vocab.json with merges.txt")
    }
    if try folder.bytesIfThere("added_tokens.json") != nil, !options.listsAddedTokens {
      throw .vocabulary(
        path: folder.path(of: "added_tokens.json"), "is not read; save the tokenizer as tokenizer.json")
    }
    let vocabulary = try folder.json("vocab.json")
    let merges = try folder.bytes("merges.txt")
    let tokenizer = try fromText(folder, "vocab.json") { () throws(TextError) in
      try ByteLevelBPE(vocabulary: vocabulary, merges: merges, options: options)
    }
    return (tokenizer, "vocab.json")
  }

  private static func fromText<Value>(
    _ folder: CheckpointFolder, _ file: String, _ body: () throws(TextError) -> Value
  ) throws(ConversionError) -> Value {
    do {
      return try body()
    } catch .json(let error) {
      throw .json(path: folder.path(of: file), error)
    } catch {
      throw .vocabulary(path: folder.path(of: file), error.description)
    }
  }

  private static func check(
    _ bytes: [UInt8], of file: String, _ folder: CheckpointFolder, _ embeddings: Int
  ) throws(ConversionError) {
    let path = folder.path(of: file)
    let pieces = Vocabulary.pieces(bytes)
    guard pieces.count == embeddings else {
      throw .vocabulary(path: path, "has \(pieces.count) pieces; the configuration says \(embeddings)")
    }
    for special in ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] where !pieces.contains(where: { $0.elementsEqual(special.utf8) }) {
      throw .vocabulary(path: path, "lacks \(special)")
    }
  }

  /// The runtime's WordPiece is that of an uncased BERT; a tokenizer set otherwise would silently read other tokens.
  private static func checkWordPiece(_ folder: CheckpointFolder) throws(ConversionError) {
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
