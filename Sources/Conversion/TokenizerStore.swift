// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// Collects the tokenizers of a new model file. Equal tokenizers are stored once. The first is named "encoder", the others are
/// named after their network.
struct TokenizerStore {
  private var stored: [(name: String, tokenizer: CheckpointTokenizer)] = []
  private var descriptions: [String: JSONValue] = [:]

  /// Stores a network's tokenizer, unless an equal one is stored.
  ///
  /// - Returns: the tokenizer's name.
  mutating func add(
    _ tokenizer: CheckpointTokenizer, of network: String, to store: inout TensorStore
  ) throws(ConversionError) -> String {
    if let known = stored.first(where: { $0.tokenizer == tokenizer }) { return known.name }
    let name = stored.isEmpty ? Tokenizer.defaultName : network
    switch tokenizer {
    case .wordPiece(let vocabulary, let added):
      let section = stored.isEmpty ? ModelLayout.vocabulary : "text/\(name).vocabulary"
      try store.addText(section, vocabulary)
      descriptions[name] = WordPiece.description(section: section, addedTokens: added)
    case .byteLevelBPE(let tokenizer):
      do {
        descriptions[name] = try store.writer.add(tokenizer, named: name)
      } catch {
        throw .file(error)
      }
    case .unigram(let tokenizer):
      do {
        descriptions[name] = try store.writer.add(tokenizer, named: name)
      } catch {
        throw .file(error)
      }
    }
    stored.append((name, tokenizer))
    return name
  }

  /// The object `tokenizers` of the metadata; nil if the only tokenizer is the default WordPiece.
  var metadata: JSONValue? {
    if stored.count == 1, case .wordPiece(_, let added) = stored[0].tokenizer, added.isEmpty { return nil }
    return .object(descriptions)
  }
}

extension JSONValue {
  /// Adds the name of its tokenizer to a network's metadata, unless it is the default; null for a network without tokenizer.
  func naming(tokenizer name: String?) -> JSONValue {
    guard name != Tokenizer.defaultName, case .object(var members) = self else { return self }
    members["tokenizer"] = name.map { .string($0) } ?? .null
    return .object(members)
  }
}
