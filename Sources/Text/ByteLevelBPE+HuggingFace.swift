// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension ByteLevelBPE {
  /// Reads vocab.json (piece to number) and merges.txt (two pieces a line, by rank), in the form that GPT-2, RoBERTa and BART
  /// publish. The special tokens become added tokens.
  ///
  /// - Throws: `TextError`, which names the invalid piece, line or member.
  package init(
    vocabulary: JSONValue, merges: [UInt8], options: HuggingFaceTokenizerOptions = HuggingFaceTokenizerOptions()
  ) throws(TextError) {
    var table = try HuggingFacePieces(vocabulary)
    var pairs: [(left: [UInt8], right: [UInt8])] = []
    let limit = PieceTable.maximumCount
    for (number, line) in merges.split(separator: 0x0A, maxSplits: limit, omittingEmptySubsequences: true).enumerated() {
      guard number < limit else { throw .tooManyPieces(limit: limit) }
      let line = line.last == 0x0D ? line.dropLast() : line
      if line.isEmpty || line.starts(with: Array("#version".utf8)) { continue }
      let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw .mergeLine(number + 1) }
      pairs.append((Array(parts[0]), Array(parts[1])))
    }
    if options.addedTokens.isEmpty {
      for special in [options.begin, options.padding, options.end, options.unknown, options.mask] {
        guard let id = table.number(of: special) else { continue }
        table.add(AddedToken(id: id, stripsLeft: special == options.mask && options.maskStripsLeft))
      }
    }
    for token in options.addedTokens { try table.add(token.id, token.content, token.2) }
    var settings = try table.settings(options)
    settings.addsPrefixSpace = options.addsPrefixSpace ?? false
    try self.init(pieces: table.pieces, merges: table.merges(pairs), settings: settings)
  }

  /// Reads a tokenizer.json: a "BPE" model with a ByteLevel pre-tokenizer, a ByteLevel decoder and added tokens. It rejects
  /// everything that this program would tokenise differently: a normaliser, dropout, another pre-tokenizer, ….
  ///
  /// - Throws: `TextError`, which names the invalid member.
  package init(
    tokenizer json: JSONValue, options: HuggingFaceTokenizerOptions = HuggingFaceTokenizerOptions()
  ) throws(TextError) {
    var table: HuggingFacePieces
    let pairs: [(left: [UInt8], right: [UInt8])]
    var settings: Settings
    do {
      try Self.checkPipeline(json)
      table = try HuggingFacePieces(json.required(["model", "vocab"]))
      pairs = try Self.pairs(json)
      let added = json["added_tokens"] == nil ? [] : try json.array("added_tokens")
      for token in added { try table.add(token.integer("id"), token.string("content"), token) }
      settings = try table.settings(options)
      settings.addsPrefixSpace = try options.addsPrefixSpace ?? json.bool("pre_tokenizer", "add_prefix_space")
      settings.pairSeparators = try Self.pairSeparators(json, settings)
      if let unknown = json.value(at: ["model", "unk_token"]), unknown != .null {
        settings.unknownByte = try table.required(json.string("model", "unk_token"))
        settings.fusesUnknown = json.value(at: ["model", "fuse_unk"]) == true
      }
    } catch let error as JSONError {
      throw .json(error)
    } catch let error as TextError {
      throw error
    } catch {
      throw .json(JSONError(message: "\(error)"))
    }
    try self.init(pieces: table.pieces, merges: table.merges(pairs), settings: settings)
  }

  private static func checkPipeline(_ json: JSONValue) throws(JSONError) {
    try json.require(["normalizer"], oneOf: nil, .null)
    try json.require(["model", "type"], oneOf: nil, "BPE")
    try json.require(["model", "dropout"], oneOf: nil, .null, 0, 0.0)
    try json.require(["model", "continuing_subword_prefix"], oneOf: nil, .null, "")
    try json.require(["model", "end_of_word_suffix"], oneOf: nil, .null, "")
    try json.require(["model", "byte_fallback"], oneOf: nil, false)
    try json.require(["model", "ignore_merges"], oneOf: nil, false)
    try json.require(["model", "fuse_unk"], oneOf: nil, false, true)
    try json.require(["pre_tokenizer", "type"], oneOf: "ByteLevel")
    try json.require(["pre_tokenizer", "use_regex"], oneOf: nil, true)
    if json["decoder"] != nil, json["decoder"] != .null { try json.require(["decoder", "type"], oneOf: "ByteLevel") }
  }

  /// Older files write a merge as "a b", newer ones as ["a", "b"].
  private static func pairs(_ json: JSONValue) throws(JSONError) -> [(left: [UInt8], right: [UInt8])] {
    var pairs: [(left: [UInt8], right: [UInt8])] = []
    for (rank, merge) in try json.array("model", "merges").enumerated() {
      let parts: [String]
      switch merge {
      case .string(let text): parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      case .array(let elements):
        parts = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
      default: parts = []
      }
      guard parts.count == 2 else { throw JSONError(keyPath: "model.merges.\(rank)", message: "is not two pieces") }
      pairs.append((Array(parts[0].utf8), Array(parts[1].utf8)))
    }
    return pairs
  }

  /// The number of separators that the post-processor puts between the texts of a pair. Without special tokens in the
  /// post-processor it is 2, as in RoBERTa. Any other frame around a text is an error.
  private static func pairSeparators(_ json: JSONValue, _ settings: Settings) throws(JSONError) -> Int {
    guard let frame = try HuggingFaceFrame(json), !frame.isEmpty else { return 2 }
    try frame.require(begin: settings.specials.begin, end: settings.specials.end)
    return frame.pairSeparators
  }
}

/// The pieces and added tokens of a Hugging Face tokenizer while it is being read.
private struct HuggingFacePieces {
  var pieces: [[UInt8]]
  private var numbers: [[UInt8]: Int32] = [:]
  private var addedTokens: [AddedToken] = []

  init(_ vocabulary: JSONValue) throws(TextError) {
    guard case .object(let members) = vocabulary else {
      throw .json(JSONError(message: "the vocabulary is \(vocabulary.typeDescription), not an object"))
    }
    pieces = [[UInt8]](repeating: [], count: members.count)
    numbers.reserveCapacity(members.count)
    for (piece, value) in members {
      guard case .integer(let number) = value, pieces.indices.contains(number), pieces[number].isEmpty, !piece.isEmpty
      else { throw .pieceNumber(piece, count: members.count) }
      let bytes = Array(piece.utf8)
      pieces[number] = bytes
      numbers[bytes] = Int32(truncatingIfNeeded: number)
    }
  }

  func number(of piece: String) -> Int32? { numbers[Array(piece.utf8)] }

  func required(_ piece: String) throws(TextError) -> Int32 {
    guard let number = number(of: piece) else { throw .missingPiece(piece) }
    return number
  }

  mutating func add(_ token: AddedToken) {
    if !addedTokens.contains(where: { $0.id == token.id }) { addedTokens.append(token) }
  }

  /// Adds a token that is either a piece already or gets the next number.
  mutating func add(_ id: Int, _ content: String, _ json: JSONValue) throws(TextError) {
    let bytes = Array(content.utf8)
    if let known = numbers[bytes] {
      guard Int(known) == id else { throw .addedToken(content, "has the number \(id), but is piece \(known)") }
    } else {
      guard id == pieces.count, !bytes.isEmpty else {
        throw .addedToken(content, "has the number \(id), not the next one, \(pieces.count)")
      }
      numbers[bytes] = Int32(truncatingIfNeeded: id)
      pieces.append(bytes)
    }
    add(AddedToken(huggingFace: json, id: id))
  }

  func settings(_ options: HuggingFaceTokenizerOptions) throws(TextError) -> ByteLevelBPE.Settings {
    var settings = ByteLevelBPE.Settings(
      SpecialNumbers(
        begin: try required(options.begin), padding: try required(options.padding), end: try required(options.end),
        unknown: try required(options.unknown), mask: number(of: options.mask)))
    settings.addedTokens = addedTokens
    return settings
  }

  func merges(_ pairs: [(left: [UInt8], right: [UInt8])]) throws(TextError) -> [(left: Int32, right: Int32, result: Int32)] {
    var merges: [(left: Int32, right: Int32, result: Int32)] = []
    merges.reserveCapacity(pairs.count)
    for (rank, pair) in pairs.enumerated() {
      guard let left = numbers[pair.left], let right = numbers[pair.right], let result = numbers[pair.left + pair.right]
      else { throw .merge(rank, "needs a piece that is not in the vocabulary") }
      merges.append((left, right, result))
    }
    return merges
  }
}
