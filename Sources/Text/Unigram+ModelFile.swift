// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A Unigram tokenizer in the model file. All sections are raw, and read where they lie in the map:
///
/// | member of `sections` | contents |
/// | --- | --- |
/// | trie | uint32: the pieces' double array |
/// | scores | [pieces] uint64: the bits of float64 scores |
/// | starts, texts | [pieces + 1] uint32 and uint8: the pieces' texts by number |
/// | charsmap, charsmapTexts | uint32 and uint8: the charsmap's double array and its texts, if the normaliser has one |
extension Unigram {
  /// - Throws: `ContainerError` for a section; `JSONError` or `TextError` for the description.
  init(_ description: JSONValue, in file: ContainerFile) throws {
    func name(_ key: String) throws(JSONError) -> String { try description.string("sections", key) }
    let normalizer = try UnigramNormalizer(description) {
      let texts = try name("charsmapTexts")
      return try Self.reading(texts, of: file) { () throws in
        try PrecompiledNormalizer(
          trie: DoubleArray(units: Elements(name("charsmap"), of: file)), texts: Elements(texts, of: file))
      }
    }
    let scores = try name("scores")
    let pieces = try Self.reading(scores, of: file) { () throws in
      let scores = try Elements<UInt64>(scores, of: file)
      return try UnigramPieces(
        trie: DoubleArray(units: Elements(name("trie"), of: file)), scores: scores,
        starts: Elements(name("starts"), of: file, shape: [scores.count + 1]), texts: Elements(name("texts"), of: file))
    }
    try self.init(pieces: pieces, normalizer: normalizer, settings: Settings(description))
  }

  /// Adds a section's name to the errors of its content.
  private static func reading<Value>(_ section: String, of file: ContainerFile, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as TextError {
      throw file.failure(.value("\(error)"), section: section)
    }
  }

  /// The sections that a description names.
  static func sections(_ description: JSONValue) -> [String] {
    guard case .object(let members)? = description["sections"] else { return [] }
    return members.sorted { $0.key < $1.key }.compactMap { if case .string(let name) = $0.value { name } else { nil } }
  }
}

extension ContainerWriter {
  /// Adds a tokenizer's sections.
  ///
  /// - Returns: its description for the metadata's object `tokenizers`.
  package mutating func add(_ tokenizer: Unigram, named name: String) throws(ContainerError) -> JSONValue {
    var sections: [String: JSONValue] = [:]
    func section(_ key: String) -> String {
      let section = "text/\(name).\(key)"
      sections[key] = .string(section)
      return section
    }
    let pieces = tokenizer.pieces
    try add(section("trie"), shape: [pieces.trie.units.count], elements: pieces.trie.units.array)
    try add(section("scores"), shape: [pieces.count], elements: pieces.scores.array)
    try add(section("starts"), shape: [pieces.starts.count], elements: pieces.starts.array)
    try add(section("texts"), shape: [pieces.texts.count], elements: pieces.texts.array)
    if let charsmap = tokenizer.normalizer.charsmap {
      try add(section("charsmap"), shape: [charsmap.trie.units.count], elements: charsmap.trie.units.array)
      try add(section("charsmapTexts"), shape: [charsmap.texts.count], elements: charsmap.texts.array)
    }
    var members = tokenizer.settings.members
    members["kind"] = "unigram"
    members["normalizer"] = tokenizer.normalizer.metadata
    members["sections"] = .object(sections)
    return .object(members)
  }
}
