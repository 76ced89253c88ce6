// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Tokenizers in a model file. The metadata's object `tokenizers` has one member for each tokenizer, by name:
///
///     {"kind": "wordpiece", "sections": {"vocabulary": "text/vocabulary"}, "addedTokens": [{"id", "content", flags…}]}
///     {"kind": "bytelevelbpe", "sections": {"pieces": "text/NAME.pieces", "merges": "text/NAME.merges"}, settings…}
///     {"kind": "unigram", "sections": {"trie": "text/NAME.trie", …}, "normalizer": […], settings…}
///
/// A network's object names its tokenizer (`tokenizer`, "encoder" by default). A file without `tokenizers` has one tokenizer,
/// "encoder": a WordPiece with the vocabulary "text/vocabulary".
extension Tokenizer {
  /// The name of the single tokenizer in a file without `tokenizers`.
  package static let defaultName = "encoder"
  /// The most bytes that a tokenizer's section may have. The largest published vocabularies have 5 million.
  package static let maximumSectionSize = 64 << 20

  /// The name of the tokenizer that a network ("retriever", "selector", "generator") uses.
  package static func name(of network: String, in file: ContainerFile) throws(ContainerError) -> String {
    guard let value = file.metadata.value(at: [network, ModelLayout.Key.tokenizer]) else { return defaultName }
    guard case .string(let name) = value else {
      throw file.failure(.metadata("\(network).tokenizer: is \(value.typeDescription), not a string"), section: "metadata")
    }
    return name
  }

  /// Reads the tokenizer with this name.
  ///
  /// - Throws: `ContainerError`, which names the missing or invalid section or metadata member.
  package init(file: ContainerFile, name: String) throws(ContainerError) {
    do {
      switch try Self.description(file, name) {
      case .wordPiece(let vocabulary, let added): self = .wordPiece(try Self.wordPiece(file, vocabulary, added))
      case .byteLevelBPE(let pieces, let merges, let settings):
        self = .byteLevelBPE(try Self.byteLevelBPE(file, pieces: pieces, merges: merges, settings))
      case .unigram(let description): self = .unigram(try Unigram(description, in: file))
      }
    } catch let error as JSONError {
      throw file.failure(.metadata("tokenizers.\(name): \(error)"), section: "metadata")
    } catch let error as ContainerError {
      throw error
    } catch {
      throw file.failure(.metadata("tokenizers.\(name): \(error)"), section: "metadata")
    }
  }

  /// The sections of the tokenizer with this name; empty if the metadata does not describe it.
  package static func sections(of name: String, in file: ContainerFile) -> [String] {
    switch try? description(file, name) {
    case .wordPiece(let vocabulary, _): [vocabulary]
    case .byteLevelBPE(let pieces, let merges, _): [pieces, merges]
    case .unigram(let description): Unigram.sections(description)
    case nil: []
    }
  }

  private enum Description {
    case wordPiece(vocabulary: String, [SpelledToken])
    case byteLevelBPE(pieces: String, merges: String, ByteLevelBPE.Settings)
    case unigram(JSONValue)
  }

  private static func description(_ file: ContainerFile, _ name: String) throws(JSONError) -> Description {
    guard let tokenizers = file.metadata[ModelLayout.Key.tokenizers] else {
      guard name == defaultName else { throw JSONError(message: "is missing") }
      return .wordPiece(vocabulary: ModelLayout.vocabulary, [])
    }
    guard let value = tokenizers[name] else { throw JSONError(message: "is missing") }
    switch try value.string("kind") {
    case "wordpiece":
      let added = value["addedTokens"] == nil ? [] : try value.array("addedTokens")
      return .wordPiece(
        vocabulary: try value.string("sections", "vocabulary"),
        try added.map { (token) throws(JSONError) in try SpelledToken(token) })
    case "bytelevelbpe":
      return .byteLevelBPE(
        pieces: try value.string("sections", "pieces"), merges: try value.string("sections", "merges"),
        try ByteLevelBPE.Settings(value))
    case "unigram": return .unigram(value)
    case let kind: throw JSONError(keyPath: "kind", message: "is \"\(kind)\", not wordpiece, bytelevelbpe or unigram")
    }
  }

  private static func wordPiece(
    _ file: ContainerFile, _ section: String, _ added: [SpelledToken]
  ) throws(ContainerError) -> WordPiece {
    let vocabulary = try file.bytes(section, limit: maximumSectionSize)
    do {
      return try WordPiece(vocabulary: vocabulary, addedTokens: added)
    } catch {
      throw file.failure(.value("\(error)"), section: section)
    }
  }

  private static func byteLevelBPE(
    _ file: ContainerFile, pieces: String, merges: String, _ settings: ByteLevelBPE.Settings
  ) throws(ContainerError) -> ByteLevelBPE {
    let storedPieces = try file.bytes(pieces, limit: maximumSectionSize)
    let storedMerges = try file.bytes(merges, limit: maximumSectionSize)
    do {
      return try ByteLevelBPE(storedPieces: storedPieces, storedMerges: storedMerges, settings: settings)
    } catch .merge(let rank, let what) {
      throw file.failure(.value("\(TextError.merge(rank, what))"), section: merges)
    } catch {
      throw file.failure(.value("\(error)"), section: pieces)
    }
  }
}

extension WordPiece {
  /// The metadata's description of a WordPiece tokenizer whose vocabulary is in `section`.
  package static func description(section: String, addedTokens: [SpelledToken]) -> JSONValue {
    var members: [String: JSONValue] = ["kind": "wordpiece", "sections": ["vocabulary": .string(section)]]
    if !addedTokens.isEmpty { members["addedTokens"] = .array(addedTokens.map(\.metadata)) }
    return .object(members)
  }
}

extension ContainerWriter {
  /// Adds a tokenizer's sections.
  ///
  /// - Returns: its description for the metadata's object `tokenizers`.
  package mutating func add(_ tokenizer: ByteLevelBPE, named name: String) throws(ContainerError) -> JSONValue {
    let (pieces, merges) = ("text/\(name).pieces", "text/\(name).merges")
    try addCompressed(pieces, tokenizer.storedPieces)
    try addCompressed(merges, tokenizer.storedMerges)
    var members = tokenizer.settings.members
    members["kind"] = "bytelevelbpe"
    members["sections"] = ["pieces": .string(pieces), "merges": .string(merges)]
    return .object(members)
  }
}
