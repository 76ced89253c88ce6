// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The settings as an object of the metadata. An absent member has the value that RoBERTa and BART share.
extension ByteLevelBPE.Settings {
  init(_ json: JSONValue) throws(JSONError) {
    self.init(try SpecialNumbers(json))
    if json["addsPrefixSpace"] != nil { addsPrefixSpace = try json.bool("addsPrefixSpace") }
    if json["pairSeparators"] != nil { pairSeparators = try json.integer("pairSeparators", in: 1...2) }
    if json["unknownByte"] != nil { unknownByte = Int32(try json.integer("unknownByte", in: 0...(1 << 28))) }
    if json["fusesUnknown"] != nil { fusesUnknown = try json.bool("fusesUnknown") }
    guard json["addedTokens"] != nil else { return }
    for token in try json.array("addedTokens") { addedTokens.append(try AddedToken(token)) }
  }

  /// The settings in the form that `init(_:)` reads.
  var members: [String: JSONValue] {
    var members: [String: JSONValue] = [
      "specials": specials.metadata, "addsPrefixSpace": .bool(addsPrefixSpace), "pairSeparators": .integer(pairSeparators),
    ]
    if let unknownByte {
      members["unknownByte"] = .integer(Int(unknownByte))
      members["fusesUnknown"] = .bool(fusesUnknown)
    }
    members["addedTokens"] = .array(addedTokens.map { .object($0.members) })
    return members
  }
}
