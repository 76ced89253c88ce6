// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension WordPiece {
  /// The vocabulary, in the form of vocab.txt, of a tokenizer.json with an uncased BERT's WordPiece.
  ///
  /// Added tokens are not included; see `addedTokens`.
  ///
  /// - Throws: `TextError`, which names a member that this program would tokenise differently, or a piece with an invalid number.
  package static func vocabulary(tokenizer json: JSONValue) throws(TextError) -> [UInt8] {
    let members: [String: JSONValue]
    do {
      try json.require(["model", "type"], oneOf: "WordPiece")
      try json.require(["model", "unk_token"], oneOf: "[UNK]")
      try json.require(["model", "continuing_subword_prefix"], oneOf: "##")
      try json.require(["model", "max_input_chars_per_word"], oneOf: .integer(longestWord), nil)
      try json.require(["normalizer", "type"], oneOf: "BertNormalizer")
      for key in ["clean_text", "handle_chinese_chars", "lowercase"] {
        try json.require(["normalizer", key], oneOf: true)
      }
      try json.require(["normalizer", "strip_accents"], oneOf: true, .null, nil)
      try json.require(["pre_tokenizer", "type"], oneOf: "BertPreTokenizer")
      members = try json.object("model", "vocab")
    } catch {
      throw .json(error)
    }
    var pieces = [[UInt8]?](repeating: nil, count: members.count)
    for (piece, value) in members {
      guard case .integer(let number) = value, pieces.indices.contains(number), pieces[number] == nil,
        !piece.utf8.contains(0x0A)
      else { throw .pieceNumber(piece, count: members.count) }
      pieces[number] = Array(piece.utf8)
    }
    return pieces.flatMap { ($0 ?? []) + [0x0A] }
  }
}

extension WordPiece {
  /// The added tokens of a tokenizer.json, except the special tokens that `WordPiece` always matches.
  ///
  /// - Throws: `TextError` if the post-processor does not put [CLS] before a text and [SEP] after it, or an added token has
  ///   another number than `tokenizers` gives it.
  package static func addedTokens(tokenizer json: JSONValue, vocabulary: [UInt8]) throws(TextError) -> [SpelledToken] {
    let plain = try WordPiece(vocabulary: vocabulary)
    var tokens: [SpelledToken] = []
    do throws(JSONError) {
      guard let frame = try HuggingFaceFrame(json) else {
        throw JSONError(keyPath: "post_processor", message: "is missing: texts would have no [CLS] and [SEP]")
      }
      try frame.require(begin: plain.cls, end: plain.sep)
      for token in json["added_tokens"] == nil ? [] : try json.array("added_tokens") {
        tokens.append(try SpelledToken(huggingFace: token))
      }
    } catch {
      throw .json(error)
    }
    return try addedTokens(tokens, plain)
  }

  /// The added tokens of a tokenizer_config.json (`added_tokens_decoder`).
  package static func addedTokens(
    _ options: HuggingFaceTokenizerOptions, vocabulary: [UInt8]
  ) throws(TextError) -> [SpelledToken] {
    let tokens: [SpelledToken]
    do throws(JSONError) {
      tokens = try options.addedTokens.map { (token) throws(JSONError) in try SpelledToken(huggingFace: token.2, id: token.id) }
    } catch {
      throw .json(error)
    }
    return try addedTokens(tokens, WordPiece(vocabulary: vocabulary))
  }

  private static func addedTokens(
    _ tokens: [SpelledToken], _ plain: WordPiece
  ) throws(TextError) -> [SpelledToken] {
    try tokens.requireNumbers(after: plain.count) { text in
      plain.pieces.number(of: String(decoding: text, as: UTF8.self)).map(Int32.init)
    }
    return tokens.filter { !plain.specials.contains($0) }
  }
}

extension JSONValue {
  /// Requires one of several values at a path; nil stands for an absent value.
  func require(_ path: [String], oneOf allowed: JSONValue?...) throws(JSONError) {
    let found = value(at: path)
    if allowed.contains(found) { return }
    let what = found.map { $0.serialized() } ?? "missing"
    throw JSONError(keyPath: path.joined(separator: "."), message: "is \(what.prefix(80)), which is not supported")
  }
}
