// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// The settings beside a vocabulary, from the optional files tokenizer_config.json, special_tokens_map.json and
/// added_tokens.json. A setting that was ignored could silently change the tokens. So every setting that changes them is
/// applied or refused.
struct TokenizerSettings {
  let folder: CheckpointFolder
  let options: HuggingFaceTokenizerOptions
  /// tokenizer_config.json, or an empty object.
  private let config: JSONValue
  /// special_tokens_map.json, or an empty object.
  private let map: JSONValue

  init(_ folder: CheckpointFolder) throws(ConversionError) {
    self.folder = folder
    let config = try folder.jsonIfThere("tokenizer_config.json") ?? [:]
    self.config = config
    map = try folder.jsonIfThere("special_tokens_map.json") ?? [:]
    options = try folder.reading("tokenizer_config.json") { () throws(TextError) in try HuggingFaceTokenizerOptions(config) }
    try check("tokenizer_config.json") { () throws(JSONError) in
      if config["truncation_side"] != nil { try config.require("truncation_side", "right") }
      if config["split_special_tokens"] == true {
        throw config.unsupported("split_special_tokens", "only false is supported")
      }
    }
    if let truncation = try folder.jsonIfThere("tokenizer.json")?["truncation"], truncation["direction"] != nil {
      try check("tokenizer.json") { () throws(JSONError) in try truncation.require("direction", "Right") }
    }
  }

  /// The longest input in tokens; nil if the settings have none, or a huge number (10^30) that means none.
  var maximumTokens: Int? {
    if case .integer(let count) = config["model_max_length"], count > 0 { count } else { nil }
  }

  /// Throws unless the settings are those of uncased BERT's WordPiece, the only WordPiece that this program supports.
  func requireUncased() throws(ConversionError) {
    try check("tokenizer_config.json") { () throws(JSONError) in
      for key in ["do_lower_case", "tokenize_chinese_chars", "do_basic_tokenize"] where config[key] != nil {
        try config.require(key, true)
      }
      if let strip = config["strip_accents"], strip != .null { try config.require("strip_accents", true) }
      if let name = config["tokenizer_class"], name != "BertTokenizer", name != "BertTokenizerFast" {
        try config.require("tokenizer_class", "BertTokenizer")
      }
    }
    for (file, json) in [("tokenizer_config.json", config), ("special_tokens_map.json", map)] {
      try check(file) { () throws(JSONError) in
        for (key, expected) in Self.specials {
          let value = json.value(at: [key, "content"]) ?? json[key] ?? .null
          guard value == .null || value == expected else {
            throw json.unsupported(key, "only \(expected.serialized()) is supported")
          }
        }
      }
    }
  }

  private static let specials: [(String, JSONValue)] = [
    ("unk_token", "[UNK]"), ("cls_token", "[CLS]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"), ("mask_token", "[MASK]"),
  ]

  /// Refuses added_tokens.json without a list of added tokens: that file does not say how the tokens are matched.
  func requireListedTokens() throws(ConversionError) {
    guard try folder.bytesIfThere("added_tokens.json") != nil, !options.listsAddedTokens else { return }
    throw .vocabulary(path: folder.path(of: "added_tokens.json"), "is not read; save the tokenizer as tokenizer.json")
  }

  /// Throws unless every extra special token is among the added tokens.
  func requireKnown(extras known: [String]) throws(ConversionError) {
    for (file, json) in [("tokenizer_config.json", config), ("special_tokens_map.json", map)] {
      try check(file) { () throws(JSONError) in
        for key in ["additional_special_tokens", "extra_special_tokens"] {
          // Newer files may have an object of named tokens.
          let tokens: [JSONValue] =
            switch json[key] {
            case .array(let tokens)?: tokens
            case .object(let named)?: Array(named.values)
            default: []
            }
          for token in tokens {
            guard case .string(let text) = token["content"] ?? token else {
              throw JSONError(keyPath: key, message: "has \(token.typeDescription) where a token is needed")
            }
            guard known.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
              throw JSONError(
                keyPath: key, message: "has \"\(text)\", which is no added token; save the tokenizer as tokenizer.json")
            }
          }
        }
      }
    }
  }

  private func check(_ file: String, _ body: () throws(JSONError) -> Void) throws(ConversionError) {
    do { try body() } catch { throw .json(path: folder.path(of: file), error) }
  }
}
