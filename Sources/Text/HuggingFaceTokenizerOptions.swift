// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The settings of a byte-level BPE in a checkpoint's tokenizer_config.json. Absent ones have the defaults of RoBERTa and BART.
package struct HuggingFaceTokenizerOptions: Sendable, Equatable {
  /// The texts of the special tokens.
  package var begin = "<s>"
  package var padding = "<pad>"
  package var end = "</s>"
  package var unknown = "<unk>"
  package var mask = "<mask>"
  /// Whether <mask> absorbs the white space before it, as in the published RoBERTa and BART tokenizers. (transformers 5 does not
  /// do this if it has only vocab.json and merges.txt.)
  package var maskStripsLeft = true
  /// If nil, tokenizer.json decides; the default is false.
  package var addsPrefixSpace: Bool?
  /// `added_tokens_decoder`: number, text and flags of each added token.
  var addedTokens: [(id: Int, content: String, JSONValue)] = []

  /// Whether the file lists added tokens.
  package var listsAddedTokens: Bool { !addedTokens.isEmpty }

  package init() {}

  /// - Parameter config: the content of tokenizer_config.json.
  /// - Throws: `TextError.json` for a member of the wrong type.
  package init(_ config: JSONValue) throws(TextError) {
    do {
      try read(config)
    } catch {
      throw .json(error)
    }
  }

  private mutating func read(_ config: JSONValue) throws(JSONError) {
    begin = try Self.content(config, "cls_token", "bos_token") ?? begin
    end = try Self.content(config, "sep_token", "eos_token") ?? end
    padding = try Self.content(config, "pad_token") ?? padding
    unknown = try Self.content(config, "unk_token") ?? unknown
    mask = try Self.content(config, "mask_token") ?? mask
    if config.value(at: ["mask_token", "lstrip"]) != nil { maskStripsLeft = try config.bool("mask_token", "lstrip") }
    if config["add_prefix_space"] != nil { addsPrefixSpace = try config.bool("add_prefix_space") }
    guard config["added_tokens_decoder"] != nil else { return }
    for (key, value) in try config.object("added_tokens_decoder") {
      guard let id = Int(key) else { throw JSONError(keyPath: "added_tokens_decoder.\(key)", message: "is not a number") }
      addedTokens.append((id, try value.string("content"), value))
    }
    addedTokens.sort { $0.id < $1.id }
  }

  /// The text of a special token: a string, or the `content` of an object. The first of `keys` that is present counts.
  private static func content(_ config: JSONValue, _ keys: String...) throws(JSONError) -> String? {
    for key in keys {
      switch config[key] {
      case nil, .null: continue
      case .object: return try config.string(key, "content")
      default: return try config.string(key)
      }
    }
    return nil
  }

  package static func == (first: Self, second: Self) -> Bool {
    first.begin == second.begin && first.padding == second.padding && first.end == second.end
      && first.unknown == second.unknown && first.mask == second.mask && first.maskStripsLeft == second.maskStripsLeft
      && first.addsPrefixSpace == second.addsPrefixSpace
      && first.addedTokens.elementsEqual(second.addedTokens) { $0 == $1 }
  }
}
