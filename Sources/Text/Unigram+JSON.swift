// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The settings as an object of the metadata.
extension Unigram.Settings {
  init(_ json: JSONValue) throws(JSONError) {
    self.init(try SpecialNumbers(json))
    pairSeparators = try json.integer("pairSeparators", in: 1...2)
    fallsBackToBytes = try json.bool("fallsBackToBytes")
    spaces = try Metaspace(json)
    for token in try json.array("addedTokens") { addedTokens.append(try SpelledToken(token)) }
  }

  /// The settings in the form that `init(_:)` reads.
  var members: [String: JSONValue] {
    [
      "specials": specials.metadata, "pairSeparators": .integer(pairSeparators), "fallsBackToBytes": .bool(fallsBackToBytes),
      "spaces": spaces.metadata, "addedTokens": .array(addedTokens.map(\.metadata)),
    ]
  }
}

extension Metaspace {
  /// Reads the member `spaces`.
  fileprivate init(_ json: JSONValue) throws(JSONError) {
    mark = Array(try json.string("spaces", "mark").utf8)
    let name = try json.string("spaces", "prefix")
    guard let prefix = Prefix(rawValue: name) else {
      throw JSONError(keyPath: "spaces.prefix", message: "is \"\(name)\", not always, first or never")
    }
    self.prefix = prefix
    splits = try json.bool("spaces", "splits")
    dropsWhiteSpace = try json.bool("spaces", "dropsWhiteSpace")
  }

  fileprivate var metadata: JSONValue {
    [
      "mark": .string(String(decoding: mark, as: UTF8.self)), "prefix": .string(prefix.rawValue), "splits": .bool(splits),
      "dropsWhiteSpace": .bool(dropsWhiteSpace),
    ]
  }
}

extension UnigramNormalizer {
  /// Reads the member `normalizer`: a list of steps. At most one is the charsmap.
  ///
  /// - Parameter charsmap: reads the charsmap.
  init(_ json: JSONValue, charsmap: () throws -> PrecompiledNormalizer) throws {
    var steps: [Step] = []
    for (index, step) in try json.array("normalizer").enumerated() {
      switch try step.string("kind") {
      case "charsmap": steps.append(.precompiled(try charsmap()))
      case "strip": steps.append(.strip(left: try step.bool("left"), right: try step.bool("right")))
      case "replace":
        steps.append(.replace(Array(try step.string("text").utf8), by: Array(try step.string("by").utf8)))
      case "joinSpaces": steps.append(.joinSpaces(Array(try step.string("by").utf8)))
      case let kind: throw JSONError(keyPath: "normalizer.\(index).kind", message: "is \"\(kind)\", which is not known")
      }
    }
    try self.init(steps)
  }

  var metadata: JSONValue {
    func text(_ bytes: [UInt8]) -> JSONValue { .string(String(decoding: bytes, as: UTF8.self)) }
    return .array(
      steps.map { step in
        switch step {
        case .precompiled: ["kind": "charsmap"]
        case .strip(let left, let right): ["kind": "strip", "left": .bool(left), "right": .bool(right)]
        case .replace(let pattern, let content): ["kind": "replace", "text": text(pattern), "by": text(content)]
        case .joinSpaces(let content): ["kind": "joinSpaces", "by": text(content)]
        }
      })
  }

  var charsmap: PrecompiledNormalizer? {
    for case .precompiled(let normalizer) in steps { return normalizer }
    return nil
  }
}
