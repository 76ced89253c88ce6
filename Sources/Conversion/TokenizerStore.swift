// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// The tokenizers of a model file in the making: equal ones are stored once. The first is called "encoder", others
/// after the network that brought them.
struct TokenizerStore {
  private var stored: [(name: String, tokenizer: CheckpointTokenizer)] = []
  private var descriptions: [String: JSONValue] = [:]

  /// Stores a network's tokenizer, unless it is there.
  ///
  /// - Returns: its name.
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
    }
    stored.append((name, tokenizer))
    return name
  }

  /// The metadata's object `tokenizers`; nil where it goes without saying.
  var metadata: JSONValue? {
    if stored.count == 1, case .wordPiece(_, let added) = stored[0].tokenizer, added.isEmpty { return nil }
    return .object(descriptions)
  }
}

extension JSONValue {
  /// A network's metadata with the name of its tokenizer, where that is not the one it has anyway; null for a network
  /// without one.
  func naming(tokenizer name: String?) -> JSONValue {
    guard name != Tokenizer.defaultName, case .object(var members) = self else { return self }
    members["tokenizer"] = name.map { .string($0) } ?? .null
    return .object(members)
  }
}
