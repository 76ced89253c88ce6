// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// The tokenizer of a checkpoint: from tokenizer.json, else WordPiece from vocab.txt, else byte-level BPE from vocab.json and
/// merges.txt. A Unigram tokenizer is read from tokenizer.json only. The first of these files counts, as in transformers. The
/// settings beside it (`TokenizerSettings`) are applied or refused.
enum CheckpointTokenizer: Equatable, Sendable {
  /// The bytes of vocab.txt, and the added tokens beside the special tokens.
  case wordPiece([UInt8], [SpelledToken])
  case byteLevelBPE(ByteLevelBPE)
  case unigram(Unigram)

  /// - Parameter embeddings: the vocabulary size in the network's configuration. The tokenizer may have fewer tokens, because
  ///   some embedding tables are padded.
  /// - Throws: `ConversionError` with the file that is missing, invalid, or does not fit the network.
  init(_ folder: CheckpointFolder, embeddings: Int) throws(ConversionError) {
    let settings = try TokenizerSettings(folder)
    let json = try folder.jsonIfThere("tokenizer.json")
    let name: String
    if let json, json.value(at: ["model", "type"]) == "WordPiece" {
      name = "tokenizer.json"
      self = try Self.wordPiece(json, settings)
    } else if let json, Unigram.isModel(of: json) {
      name = "tokenizer.json"
      self = .unigram(
        try folder.reading(name) { () throws(TextError) in try Unigram(tokenizer: json, options: settings.options) })
    } else if json == nil, let vocabulary = try folder.bytesIfThere("vocab.txt") {
      name = "vocab.txt"
      self = try Self.wordPiece(Vocabulary.unified(vocabulary), settings)
    } else {
      name = json == nil ? "vocab.json" : "tokenizer.json"
      self = .byteLevelBPE(try Self.byteLevelBPE(json, settings))
    }
    let known = try count(in: folder, name)
    guard known <= embeddings else {
      throw .vocabulary(path: folder.path(of: name), "has \(known) pieces; the configuration says \(embeddings)")
    }
    try settings.requireKnown(extras: spellings)
  }

  /// The tokenizer of a folder; nil if it has none of the files.
  static func ifThere(_ folder: CheckpointFolder, embeddings: Int) throws(ConversionError) -> CheckpointTokenizer? {
    for name in ["vocab.txt", "tokenizer.json", "vocab.json"] where try folder.bytesIfThere(name) != nil {
      return try CheckpointTokenizer(folder, embeddings: embeddings)
    }
    return nil
  }

  /// Whether the tokenizer lowercases text.
  var lowersText: Bool { if case .wordPiece = self { true } else { false } }

  private func count(in folder: CheckpointFolder, _ name: String) throws(ConversionError) -> Int {
    switch self {
    case .byteLevelBPE(let tokenizer): tokenizer.count
    case .unigram(let tokenizer): tokenizer.count
    case .wordPiece(let vocabulary, let added):
      try folder.reading(name) { () throws(TextError) in try WordPiece(vocabulary: vocabulary, addedTokens: added).count }
    }
  }

  /// The spellings of added tokens and WordPiece's special tokens.
  private var spellings: [String] {
    switch self {
    case .wordPiece(_, let added): added.map(\.spelling) + ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    case .byteLevelBPE(let tokenizer): tokenizer.settings.addedTokens.compactMap { tokenizer.piece($0.id) }
    case .unigram(let tokenizer): tokenizer.settings.addedTokens.map(\.spelling)
    }
  }

  private static func wordPiece(_ json: JSONValue, _ settings: TokenizerSettings) throws(ConversionError) -> Self {
    try settings.requireUncased()
    return try settings.folder.reading("tokenizer.json") { () throws(TextError) in
      let vocabulary = try WordPiece.vocabulary(tokenizer: json)
      return .wordPiece(vocabulary, try WordPiece.addedTokens(tokenizer: json, vocabulary: vocabulary))
    }
  }

  private static func wordPiece(_ vocabulary: [UInt8], _ settings: TokenizerSettings) throws(ConversionError) -> Self {
    try settings.requireUncased()
    try settings.requireListedTokens()
    return try settings.folder.reading("vocab.txt") { () throws(TextError) in
      .wordPiece(vocabulary, try WordPiece.addedTokens(settings.options, vocabulary: vocabulary))
    }
  }

  private static func byteLevelBPE(_ json: JSONValue?, _ settings: TokenizerSettings) throws(ConversionError) -> ByteLevelBPE {
    let folder = settings.folder
    if let json {
      return try folder.reading("tokenizer.json") { () throws(TextError) in
        try ByteLevelBPE(tokenizer: json, options: settings.options)
      }
    }
    guard try folder.bytesIfThere("vocab.json") != nil else {
      if try folder.bytesIfThere("sentencepiece.bpe.model") != nil {
        throw .vocabulary(
          path: folder.path(of: "sentencepiece.bpe.model"), "is not read; save the tokenizer as tokenizer.json")
      }
      throw .vocabulary(path: folder.path, "has no tokenizer.json, no vocab.txt and no vocab.json with merges.txt")
    }
    try settings.requireListedTokens()
    let vocabulary = try folder.json("vocab.json")
    let merges = try folder.bytes("merges.txt")
    return try folder.reading("vocab.json") { () throws(TextError) in
      try ByteLevelBPE(vocabulary: vocabulary, merges: merges, options: settings.options)
    }
  }
}

extension CheckpointFolder {
  /// Adds a file's path to the errors of a tokenizer.
  func reading<Value>(_ file: String, _ body: () throws(TextError) -> Value) throws(ConversionError) -> Value {
    do {
      return try body()
    } catch .json(let error) {
      throw .json(path: path(of: file), error)
    } catch {
      throw .vocabulary(path: path(of: file), error.description)
    }
  }
}
