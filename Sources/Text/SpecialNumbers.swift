// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The numbers of a tokenizer's special tokens: <s>, <pad>, </s>, <unk> and <mask>, or BERT's [CLS], [PAD], [SEP], [UNK] and [MASK].
package struct SpecialNumbers: Sendable, Equatable {
  package var begin, padding, end, unknown: Int32
  package var mask: Int32?

  package init(begin: Int32, padding: Int32, end: Int32, unknown: Int32, mask: Int32? = nil) {
    self.begin = begin
    self.padding = padding
    self.end = end
    self.unknown = unknown
    self.mask = mask
  }

  /// Reads the member `specials` of a tokenizer's description.
  init(_ json: JSONValue) throws(JSONError) {
    func number(_ key: String) throws(JSONError) -> Int32 {
      Int32(try json.integer("specials", key, in: 0...(1 << 28)))
    }
    self.init(
      begin: try number("begin"), padding: try number("padding"), end: try number("end"), unknown: try number("unknown"))
    if json.value(at: ["specials", "mask"]) != nil { mask = try number("mask") }
  }

  /// All that there are, with their names in a description.
  var named: [(name: String, id: Int32)] {
    [("begin", begin), ("padding", padding), ("end", end), ("unknown", unknown)] + (mask.map { [("mask", $0)] } ?? [])
  }

  var metadata: JSONValue {
    .object(Dictionary(uniqueKeysWithValues: named.map { ($0.name, .integer(Int($0.id))) }))
  }
}
