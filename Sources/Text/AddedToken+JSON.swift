// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Added tokens as objects of the metadata: the number, and only the flags that are set.
extension AddedToken {
  private static let flags: [(key: String, path: WritableKeyPath<AddedToken, Bool> & Sendable)] = [
    ("special", \.isSpecial), ("stripsLeft", \.stripsLeft), ("stripsRight", \.stripsRight), ("second", \.isSecond),
    ("singleWord", \.isSingleWord),
  ]

  init(_ json: JSONValue) throws(JSONError) {
    self.init(id: Int32(try json.integer("id", in: 0...(1 << 28))), isSpecial: false)
    for (key, path) in Self.flags where json[key] != nil { self[keyPath: path] = try json.bool(key) }
  }

  var members: [String: JSONValue] {
    var members: [String: JSONValue] = ["id": .integer(Int(id))]
    for (key, path) in Self.flags where self[keyPath: path] { members[key] = true }
    return members
  }
}

extension SpelledToken {
  init(_ json: JSONValue) throws(JSONError) {
    self.init(try AddedToken(json), try json.string("content"))
  }

  var metadata: JSONValue { .object(token.members.merging(["content": .string(spelling)]) { $1 }) }
}
