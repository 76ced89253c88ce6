// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension AddedToken {
  /// The flags of an added token as tokenizer.json (`added_tokens`) and tokenizer_config.json (`added_tokens_decoder`) have
  /// them; an absent one is false.
  init(huggingFace json: JSONValue, id: Int) {
    func flag(_ key: String) -> Bool { json[key] == true }
    self.init(
      id: Int32(truncatingIfNeeded: id), isSpecial: flag("special"), stripsLeft: flag("lstrip"), stripsRight: flag("rstrip"),
      isSecond: flag("normalized"), isSingleWord: flag("single_word"))
  }
}
