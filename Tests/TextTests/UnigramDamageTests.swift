// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing

@testable import Text

/// Unigram tokenizers of damaged model files: refused, or of wrong tokens, but never a trap, a hang or a read outside.
@Suite struct UnigramDamageTests {
  private static let text = "flood 洪水 के ﷺ e\u{301} @user <mask>\u{7}½ \u{1F30A}"

  private func pieces(
    trie: [UInt32]? = nil, scores: [Double] = [0, -1, -2, -3], starts: [UInt32] = [0, 1, 2, 3, 4], texts: String = "abcd"
  ) throws -> UnigramPieces {
    let keys = Array(texts.utf8).indices.map { (key: Array(texts.utf8)[$0...$0], number: Int32($0)) }
    return try UnigramPieces(
      trie: trie.map { DoubleArray(units: Elements($0)) } ?? DoubleArray(keys: keys), scores: Elements(scores.map(\.bitPattern)),
      starts: Elements(starts), texts: Elements(Array(texts.utf8)))
  }

  @Test func countsAndScoresAreChecked() throws {
    #expect(try pieces().count == 4)
    #expect(throws: TextError.score(2)) { try pieces(scores: [0, -1, .nan, -3]) }
    #expect(throws: TextError.score(0)) { try pieces(scores: [-.infinity, -1, 0, -3]) }
    #expect(throws: TextError.unigram("vocabulary: has 4 scores for 2 pieces")) { try pieces(starts: [0, 1, 2]) }
    #expect(throws: TextError.unigram("vocabulary: has 0 scores for -1 pieces")) { try pieces(scores: [], starts: []) }
    let many = PieceTable.maximumCount + 1
    #expect(throws: TextError.tooManyPieces(limit: PieceTable.maximumCount)) {
      try pieces(scores: [Double](repeating: 0, count: many))
    }
  }

  @Test func textsOutsideAreEmpty() throws {
    #expect(try pieces(starts: [0, 1, 3, 2, .max])[2] == [])
    #expect(try pieces(starts: [0, 1, 3, 2, .max])[3] == [])
    #expect(try pieces(starts: [0, 1, 3, 2, 4])[1] == Array("bc".utf8))
  }

  /// Tries of every kind of damage: empty, cut, cyclic, with numbers and offsets outside.
  @Test func damagedTriesStayInside() throws {
    let settings = Unigram.Settings(SpecialNumbers(begin: 0, padding: 1, end: 2, unknown: 3))
    let sound = try pieces().trie.units.array
    var generator = SystemRandomNumberGenerator()
    var tries: [[UInt32]] = [[], [0], [0xFFFF_FFFF], [UInt32](repeating: 0x161, count: 300), Array(sound.prefix(100))]
    for _ in 0..<500 {
      var trie = sound
      for _ in 0..<20 { trie[Int.random(in: 0..<trie.count)] = UInt32.random(in: 0...UInt32.max, using: &generator) }
      tries.append(trie)
    }
    for trie in tries {
      let normalizer = try PrecompiledNormalizer(trie: DoubleArray(units: Elements(trie)), texts: Elements([0x61, 0, 0x62]))
      let unigram = try Unigram(
        pieces: pieces(trie: trie), normalizer: UnigramNormalizer([.precompiled(normalizer)]), settings: settings)
      var ids: [Int32] = []
      unigram.encode(Self.text + "abcabcd", into: &ids)
      #expect(!ids.isEmpty && ids.allSatisfy { (0..<4).contains($0) })
    }
  }

  @Test func aTextThatGrowsTooMuchIsRefused() throws {
    let trie = try pieces().trie
    func normalizer(_ texts: [UInt8]) throws -> PrecompiledNormalizer {
      try PrecompiledNormalizer(trie: trie, texts: Elements(texts))
    }
    let longest = [UInt8](repeating: 0x61, count: PrecompiledNormalizer.longestText)
    #expect(try normalizer(longest + [0] + longest).texts.count == 129)
    #expect(throws: TextError.charsmap("the text at byte 2 has more than 64 bytes")) {
      try normalizer([0x61, 0] + longest + [0x61])
    }
    #expect(throws: TextError.unigram("normalizer: has 17 steps; it may have 16")) {
      try UnigramNormalizer([UnigramNormalizer.Step](repeating: .strip(left: true, right: true), count: 17))
    }
    let step = UnigramNormalizer.Step.precompiled(try normalizer(longest))
    #expect(throws: TextError.self) { try UnigramNormalizer([step, step]) }
  }

  @Test func descriptionsThatCannotBeAreRefused() throws {
    let path = NSTemporaryDirectory() + "unigram-damage-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let made = try Unigram(tokenizer: UnigramTests.json("saved"))
    func refusal(_ place: [String], _ value: JSONValue?) throws -> String {
      var writer = ContainerWriter(kind: .model)
      let description = try writer.add(made, named: "encoder")
      writer.setMetadata(["tokenizers": ["encoder": description.replacing(place, value)]])
      try writer.write(to: path)
      do {
        _ = try Tokenizer(file: ContainerFile(path: path, kind: .model), name: "encoder")
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(try refusal(["unknown member"], 1) == "accepted")
    #expect(try refusal(["sections", "scores"], "text/encoder.starts").contains("text/encoder.starts"))
    #expect(try refusal(["sections", "trie"], nil).contains("tokenizers.encoder: sections.trie: is missing"))
    #expect(try refusal(["sections", "charsmap"], "text/nothing").contains("text/nothing"))
    #expect(try refusal(["sections", "charsmapTexts"], "text/encoder.texts").contains("has more than 64 bytes"))
    #expect(try refusal(["specials", "unknown"], .integer(1 << 20)).contains("unknown: 1048576 is not one of"))
    #expect(try refusal(["specials", "begin"], .integer(1 << 20)).contains("begin: 1048576 is not one of"))
    #expect(try refusal(["spaces", "mark"], "").contains("spaces: the mark is not one scalar"))
    #expect(try refusal(["spaces", "prefix"], "last").contains("spaces.prefix: is \"last\""))
    #expect(try refusal(["normalizer"], [["kind": "magic"]]).contains("normalizer.0.kind: is \"magic\""))
    #expect(try refusal(["normalizer"], .array(Array(repeating: ["kind": "charsmap"], count: 3))).contains("256 times"))
    #expect(try refusal(["addedTokens"], [["id": 5, "content": "zz"]]).contains("which belongs to another piece"))
    #expect(try refusal(["pairSeparators"], 3).contains("pairSeparators: is 3, outside 1...2"))
  }
}
