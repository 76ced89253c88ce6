// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension Unigram {
  /// Whether a tokenizer.json has a Unigram model. Old files do not name its type.
  package static func isModel(of json: JSONValue) -> Bool {
    switch json.value(at: ["model", "type"]) {
    case nil: json.value(at: ["model", "unk_id"]) != nil
    case let type: type == "Unigram"
    }
  }

  /// Reads a tokenizer.json as XLM-R, multilingual MiniLM and multilingual E5 have it.
  ///
  /// - Throws: `TextError`, which names a member that this program would tokenise differently, or a piece that cannot be.
  package init(tokenizer json: JSONValue, options: HuggingFaceTokenizerOptions = HuggingFaceTokenizerOptions()) throws(TextError)
  {
    do {
      let pieces = try UnigramPieces(Self.pieces(json))
      var added: [SpelledToken] = []
      for token in json["added_tokens"] == nil ? [] : try json.array("added_tokens") {
        added.append(try SpelledToken(huggingFace: token))
      }
      try added.requireNumbers(after: pieces.count) { pieces.number(of: $0) }
      func special(_ text: String) throws(TextError) -> Int32 {
        let bytes = Array(text.utf8)
        guard let number = added.first(where: { $0.text == bytes })?.token.id ?? pieces.number(of: bytes) else {
          throw .missingPiece(text)
        }
        return number
      }
      var settings = Settings(
        SpecialNumbers(
          begin: try special(options.begin), padding: try special(options.padding), end: try special(options.end),
          unknown: Int32(try json.integer("model", "unk_id", in: 0...max(0, pieces.count - 1))),
          mask: try? special(options.mask)))
      settings.addedTokens = added
      settings.fallsBackToBytes = json.value(at: ["model", "byte_fallback"]) == true
      settings.spaces = try Metaspace(huggingFace: json)
      guard let frame = try HuggingFaceFrame(json), !frame.isEmpty else {
        throw JSONError(keyPath: "post_processor", message: "is missing: texts would have no <s> and </s>")
      }
      try frame.require(begin: settings.specials.begin, end: settings.specials.end)
      settings.pairSeparators = frame.pairSeparators
      let normalizer = try UnigramNormalizer(UnigramNormalizer.steps(json["normalizer"] ?? .null, "normalizer"))
      try self.init(pieces: pieces, normalizer: normalizer, settings: settings)
    } catch let error as JSONError {
      throw .json(error)
    } catch let error as TextError {
      throw error
    } catch {
      throw .json(JSONError(message: "\(error)"))
    }
  }

  /// The pieces with their scores: [["<s>", 0.0], …].
  private static func pieces(_ json: JSONValue) throws(JSONError) -> [(text: [UInt8], score: Double)] {
    var pieces: [(text: [UInt8], score: Double)] = []
    for (number, piece) in try json.array("model", "vocab").enumerated() {
      guard case .array(let pair) = piece, pair.count == 2, case .string(let text) = pair[0] else {
        throw JSONError(keyPath: "model.vocab.\(number)", message: "is not a piece and its score")
      }
      switch pair[1] {
      case .number(let score): pieces.append((Array(text.utf8), score))
      case .integer(let score): pieces.append((Array(text.utf8), Double(score)))
      default: throw JSONError(keyPath: "model.vocab.\(number)", message: "has a score that is not a number")
      }
    }
    return pieces
  }
}

extension Metaspace {
  /// Reads `pre_tokenizer`: a Metaspace, or a sequence of WhitespaceSplit and Metaspace.
  fileprivate init(huggingFace json: JSONValue) throws(JSONError) {
    let path = "pre_tokenizer"
    var steps = [json[path] ?? .null]
    if json.value(at: [path, "type"]) == "Sequence" { steps = try json.array(path, "pretokenizers") }
    if steps.count == 2, steps[0]["type"] == "WhitespaceSplit" {
      dropsWhiteSpace = true
      steps.removeFirst()
    }
    guard steps.count == 1, steps[0]["type"] == "Metaspace" else {
      throw JSONError(keyPath: path, message: "is not Metaspace, alone or after WhitespaceSplit; only these are supported")
    }
    try read(steps[0])
  }

  private mutating func read(_ json: JSONValue) throws(JSONError) {
    let text = try json.string("replacement")
    guard text.unicodeScalars.count == 1 else {
      throw JSONError(keyPath: "pre_tokenizer.replacement", message: "is \"\(text.prefix(20))\", not one character")
    }
    mark = Array(text.utf8)
    splits = json["split"] ?? .null == .null ? true : try json.bool("split")
    switch json["prepend_scheme"] {
    // Old files have a flag instead.
    case nil: prefix = json["add_prefix_space"] == false ? .never : .always
    case "always": prefix = .always
    case "first": prefix = .first
    case "never": prefix = .never
    default: throw JSONError(keyPath: "pre_tokenizer.prepend_scheme", message: "is not always, first or never")
    }
  }
}

extension UnigramNormalizer {
  /// Reads a normaliser: null, one step, or a sequence of them.
  fileprivate static func steps(_ json: JSONValue, _ path: String) throws -> [Step] {
    guard json != .null else { return [] }
    switch try json.string("type") {
    case "Sequence":
      return try json.array("normalizers").enumerated().flatMap { index, step in
        guard step["type"] != "Sequence" else {
          throw JSONError(keyPath: "\(path).normalizers.\(index)", message: "is a sequence in a sequence, which is not supported")
        }
        return try steps(step, "\(path).normalizers.\(index)")
      }
    case "Precompiled":
      guard let bytes = Base64.decode(try json.string("precompiled_charsmap")) else {
        throw JSONError(keyPath: path + ".precompiled_charsmap", message: "is not base64")
      }
      return [.precompiled(try PrecompiledNormalizer(charsmap: bytes))]
    case "Strip": return [.strip(left: try json.bool("strip_left"), right: try json.bool("strip_right"))]
    case "Replace":
      let content = Array(try json.string("content").utf8)
      if json.value(at: ["pattern", "Regex"]) == " {2,}" { return [.joinSpaces(content)] }
      guard json.value(at: ["pattern", "String"]) != nil else {
        throw JSONError(
          keyPath: path + ".pattern", message: "is not a text or the regular expression \" {2,}\"; only these are supported")
      }
      return [.replace(Array(try json.string("pattern", "String").utf8), by: content)]
    case let type: throw JSONError(keyPath: path + ".type", message: "is \"\(type)\", which is not supported")
    }
  }
}
