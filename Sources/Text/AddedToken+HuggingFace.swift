// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension AddedToken {
  /// Reads the flags of an added token from tokenizer.json (`added_tokens`) or tokenizer_config.json (`added_tokens_decoder`).
  /// An absent flag is false.
  init(huggingFace json: JSONValue, id: Int) {
    func flag(_ key: String) -> Bool { json[key] == true }
    self.init(
      id: Int32(truncatingIfNeeded: id), isSpecial: flag("special"), stripsLeft: flag("lstrip"), stripsRight: flag("rstrip"),
      isSecond: flag("normalized"), isSingleWord: flag("single_word"))
  }
}

extension SpelledToken {
  /// - Parameter id: nil takes the object's member `id`.
  init(huggingFace json: JSONValue, id: Int? = nil) throws(JSONError) {
    let id = if let id { id } else { try json.integer("id") }
    guard (0...1 << 28).contains(id) else {
      throw JSONError(keyPath: "added_tokens", message: "has the number \(id), outside 0...\(1 << 28)")
    }
    self.init(AddedToken(huggingFace: json, id: id), try json.string("content"))
  }
}

extension [SpelledToken] {
  /// Checks the numbers of added tokens: `tokenizers` ignores the file's number and gives a token the number of its piece, or
  /// the next one after the `count` pieces of the vocabulary.
  func requireNumbers(after count: Int, piece: ([UInt8]) -> Int32?) throws(TextError) {
    var next = count
    for token in self {
      let id = Int(token.token.id)
      if let known = piece(token.text) {
        guard known == id else { throw .addedToken(token.spelling, "has the number \(id), but is piece \(known)") }
      } else {
        guard id == next else { throw .addedToken(token.spelling, "has the number \(id), not the next one, \(next)") }
        next += 1
      }
    }
  }
}
