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
