// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension WordPiece {
  /// The vocabulary, as vocab.txt has it, of a tokenizer.json with an uncased BERT's WordPiece.
  ///
  /// - Throws: `TextError` naming the member that this program would tokenise otherwise, or a piece without a line.
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

extension JSONValue {
  /// Demands one of several values at a path; nil stands for an absent one.
  func require(_ path: [String], oneOf allowed: JSONValue?...) throws(JSONError) {
    let found = value(at: path)
    if allowed.contains(found) { return }
    let what = found.map { $0.serialized() } ?? "missing"
    throw JSONError(keyPath: path.joined(separator: "."), message: "is \(what.prefix(80)), which is not supported")
  }
}
