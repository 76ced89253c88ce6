// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Testing
import TestSupport

@testable import Text

/// Byte-level BPE against Hugging Face's `tokenizers`; fixtures by Tools/fixtures/byte_level_bpe.py.
@Suite struct ByteLevelBPETests {
  static let plain = shared { try make(HuggingFaceTokenizerOptions()) }
  static let spaced = shared { try make(withPrefixSpace()) }
  static let added = shared { try ByteLevelBPE(tokenizer: json("bpe/tokenizer.json")) }

  private static func make(_ options: HuggingFaceTokenizerOptions) throws -> ByteLevelBPE {
    try ByteLevelBPE(vocabulary: json("bpe/vocab.json"), merges: Fixtures.bytes("bpe/merges.txt"), options: options)
  }

  private static func withPrefixSpace() -> HuggingFaceTokenizerOptions {
    var options = HuggingFaceTokenizerOptions()
    options.addsPrefixSpace = true
    return options
  }

  private static func json(_ name: String) throws -> JSONValue { try JSONValue(parsing: Fixtures.bytes(name)) }

  private func encode(
    _ text: String, with tokenizer: ByteLevelBPE = Self.plain, specialTokens: SpecialTokens = .recognized
  ) -> [Int32] {
    var ids: [Int32] = []
    tokenizer.encode(text, into: &ids, specialTokens: specialTokens)
    return ids
  }

  /// A text and its tokens from several tokenizers.
  private struct Sample: Decodable {
    let text: String
    let ids: [[Int32]]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      text = try row.decode(String.self)
      var ids: [[Int32]] = []
      while !row.isAtEnd { ids.append(try row.decode([Int32].self)) }
      self.ids = ids
    }
  }

  @Test func stringsEncodeAsInHuggingFace() throws {
    let samples = try Fixtures.rows("bpe/encode.jsonl", as: Sample.self)
    #expect(samples.count > 2000)
    for sample in samples {
      let name = "\(sample.text.unicodeScalars.map { String($0.value, radix: 16) })"
      #expect(encode(sample.text) == sample.ids[0], "\(name)")
      #expect(encode(sample.text, with: Self.spaced) == sample.ids[1], "with a prefix space: \(name)")
      #expect(encode(sample.text, specialTokens: .asText) == sample.ids[2], "specials as text: \(name)")
      let bytes = Self.plain.bytes(of: encode(sample.text, specialTokens: .asText))
      #expect(bytes == Array(sample.text.utf8), "decoded: \(name)")
    }
  }

  @Test func addedTokensOfEveryKindAreFoundAsInHuggingFace() throws {
    #expect(Self.added.settings.addsPrefixSpace && Self.added.settings.addedTokens.count == 12)
    let samples = try Fixtures.rows("bpe/added.jsonl", as: Sample.self)
    #expect(samples.count > 300)
    for sample in samples {
      #expect(encode(sample.text, with: Self.added) == sample.ids[0], "\(sample.text)")
      #expect(encode(sample.text, with: Self.added, specialTokens: .asText) == sample.ids[1], "\(sample.text)")
    }
  }

  /// Every Unicode scalar in four contexts: alone, between a letter and a digit, after a mark, between blanks.
  @Test func everyScalarEncodesAsInHuggingFace() throws {
    let contexts = [("", ""), ("a", "1"), ("!", "'s"), ("  ", "\n ")]
    let blocks = try Fixtures.blocks("bpe/blocks.tsv")
    #expect(blocks.count == 1086)
    for (first, hashes) in blocks {
      let found = contexts.map { context in
        var ids: [Int32] = []
        Self.plain.encode(Fixtures.cases(from: first, in: context), into: &ids)
        return Fixtures.hash(ids: ids)
      }
      #expect(found == hashes, "block \(String(first, radix: 16)); byte_level_bpe.py --show prints it")
    }
  }

  @Test func tokensDecodeAsInHuggingFace() throws {
    struct Row: Decodable {
      let ids: [Int32]
      let text, withSpecials: String

      init(from decoder: any Decoder) throws {
        var row = try decoder.unkeyedContainer()
        ids = try row.decode([Int32].self)
        text = try row.decode(String.self)
        withSpecials = try row.decode(String.self)
      }
    }
    let rows = try Fixtures.rows("bpe/decode.jsonl", as: Row.self)
    #expect(rows.count > 400)
    for row in rows {
      // Compares scalars, because String equality treats canonical equivalents as equal.
      #expect(Self.plain.decode(row.ids).unicodeScalars.elementsEqual(row.text.unicodeScalars))
      let whole = Self.plain.decode(row.ids, skippingSpecials: false)
      #expect(whole.unicodeScalars.elementsEqual(row.withSpecials.unicodeScalars))
    }
    #expect(Self.plain.bytes(of: [-1, 1 << 20]) == [])
  }

  @Test func addedTokensDecodeToTheirText() {
    // `tokenizers` reads "é!" in its byte alphabet, so that é becomes one byte.
    #expect(Self.added.decode(encode("a é! 洪水", with: Self.added)) == " a é! 洪水")
  }

  @Test func pairsAreFramedAsInHuggingFace() throws {
    struct Pair: Decodable {
      let first, second: String
      let limit: Int
      let ids: [Int32]

      init(from decoder: any Decoder) throws {
        var row = try decoder.unkeyedContainer()
        first = try row.decode(String.self)
        second = try row.decode(String.self)
        limit = try row.decode(Int.self)
        ids = try row.decode([Int32].self)
      }
    }
    let tokenizer = Tokenizer.byteLevelBPE(Self.plain)
    for pair in try Fixtures.rows("bpe/pairs.jsonl", as: Pair.self) {
      let (first, second) = (tokenizer.encode(pair.first), tokenizer.encode(pair.second))
      #expect(tokenizer.framed(first, second, limit: pair.limit) == pair.ids, "\(pair.limit)")
    }
    #expect(tokenizer.framed("a", limit: 2) == [0, 2])
    #expect(tokenizer.framed("a", limit: 128) == [0] + tokenizer.encode("a") + [2])
  }

  @Test func theStoredFormIsTheSameTokenizer() throws {
    for tokenizer in [Self.plain, Self.spaced, Self.added] {
      let copy = try ByteLevelBPE(
        storedPieces: tokenizer.storedPieces, storedMerges: tokenizer.storedMerges, settings: tokenizer.settings)
      #expect(copy == tokenizer)
      #expect(encode("a <mask> flood's", with: copy) == encode("a <mask> flood's", with: tokenizer))
    }
    #expect(Self.plain != Self.spaced)
  }

  @Test func damagedStoredFormsAreRefused() throws {
    let (pieces, merges, settings) = (Self.plain.storedPieces, Self.plain.storedMerges, Self.plain.settings)
    func read(_ pieces: [UInt8], _ merges: [UInt8], _ settings: ByteLevelBPE.Settings) throws(TextError) {
      _ = try ByteLevelBPE(storedPieces: pieces, storedMerges: merges, settings: settings)
    }
    #expect(throws: TextError.pieces(byte: 0, "the section ends inside the piece")) { try read([200], merges, settings) }
    #expect(throws: TextError.pieces(byte: 0, "the piece is empty")) { try read([0], merges, settings) }
    #expect(throws: TextError.pieces(byte: 0, "the section ends inside the piece")) {
      try read([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2], merges, settings)
    }
    #expect(throws: TextError.merge(0, "the section ends inside it")) { try read(pieces, Array(merges.prefix(2)), settings) }
    #expect(throws: TextError.merge(0, "does not join its two pieces to the piece that it names")) {
      try read(pieces, [1, 2, 3], settings)
    }
    #expect(throws: TextError.merge(0, "names a piece outside 0..<1057")) {
      try read(pieces, [1, 2, 0xFF, 0x7F], settings)
    }
    var other = settings
    other.specials.end = 1057
    #expect(throws: TextError.tokenNumber("end", 1057, count: 1057)) { try read(pieces, merges, other) }
    other = settings
    other.addedTokens.append(AddedToken(id: -1))
    #expect(throws: TextError.tokenNumber("addedTokens", -1, count: 1057)) { try read(pieces, merges, other) }
    other.addedTokens = [AddedToken(id: 7), AddedToken(id: 7)]
    #expect(throws: TextError.repeatedAddedToken) { try read(pieces, merges, other) }
    // After any change of one byte, the file is read or rejected, but nothing traps.
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      var (broken, wrong) = (pieces, merges)
      broken[Int.random(in: broken.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      wrong[Int.random(in: wrong.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      for (pieces, merges) in [(broken, merges), (pieces, wrong)] {
        guard let tokenizer = try? ByteLevelBPE(storedPieces: pieces, storedMerges: merges, settings: settings) else { continue }
        #expect(encode("the flood's 洪水", with: tokenizer).allSatisfy { $0 >= 0 && $0 < tokenizer.count })
      }
    }
  }

  @Test func filesThatCannotWorkAreRefused() throws {
    let good = try Self.json("bpe/tokenizer.json")
    func refusal(_ path: [String], _ value: JSONValue?) -> String {
      do {
        _ = try ByteLevelBPE(tokenizer: good.replacing(path, value))
        return "accepted"
      } catch { return error.description }
    }
    #expect(refusal(["version"], "2") == "accepted")
    #expect(refusal(["normalizer"], ["type": "NFC"]) == "normalizer: is {\"type\":\"NFC\"}, which is not supported")
    #expect(refusal(["pre_tokenizer", "type"], "Whitespace") == "pre_tokenizer.type: is \"Whitespace\", which is not supported")
    #expect(refusal(["pre_tokenizer"], nil) == "pre_tokenizer.type: is missing, which is not supported")
    #expect(refusal(["pre_tokenizer", "use_regex"], false).hasPrefix("pre_tokenizer.use_regex: is false"))
    #expect(refusal(["decoder", "type"], "Metaspace").hasPrefix("decoder.type"))
    #expect(refusal(["post_processor", "type"], "TemplateProcessing") == "post_processor.single: is missing")
    #expect(refusal(["post_processor", "type"], "Unknown").hasPrefix("post_processor.type"))
    #expect(refusal(["model", "type"], "Unigram").hasPrefix("model.type: is \"Unigram\""))
    #expect(refusal(["model", "dropout"], 0.1).hasPrefix("model.dropout: is 0.1"))
    #expect(refusal(["model", "byte_fallback"], true).hasPrefix("model.byte_fallback"))
    #expect(refusal(["model", "ignore_merges"], true).hasPrefix("model.ignore_merges"))
    #expect(refusal(["model", "continuing_subword_prefix"], "##").hasPrefix("model.continuing_subword_prefix"))
    #expect(refusal(["model", "merges"], [["a"]]) == "model.merges.0: is not two pieces")
    #expect(refusal(["model", "merges"], ["a b c"]) == "model.merges.0: is not two pieces")
    #expect(refusal(["model", "merges"], [["nothing", "a"]]) == "merge 0: needs a piece that is not in the vocabulary")
    #expect(refusal(["model", "vocab", "<s>"], 1).hasPrefix("vocabulary: the piece \"<"))
    #expect(refusal(["model", "vocab", "<s>"], .integer(1 << 40)).hasPrefix("vocabulary: the piece \"<s>\""))
    #expect(refusal(["model", "vocab"], []).contains("not an object"))
    #expect(
      refusal(["added_tokens"], [["id": 9, "content": "<s>"]]) == "the added token \"<s>\" has the number 9, but is piece 0")
    #expect(
      refusal(["added_tokens"], [["id": 5000, "content": "new"]])
        == "the added token \"new\" has the number 5000, not the next one, 1057")
    #expect(refusal(["added_tokens"], [["id": 0, "content": "<s>", "single_word": true]]) == "accepted")
    #expect(
      refusal(["post_processor", "cls"], ["<pad>", 1]).hasPrefix("post_processor: puts [1] before a text and [2] after it"))

    let vocabulary = try Self.json("bpe/vocab.json")
    #expect(throws: TextError.mergeLine(2)) {
      try ByteLevelBPE(vocabulary: vocabulary, merges: Array("#version: 0.2\na b c\n".utf8))
    }
    #expect(throws: TextError.missingPiece("<s>")) {
      try ByteLevelBPE(vocabulary: ["a": 0, "<pad>": 1, "</s>": 2, "<unk>": 3], merges: [])
    }
  }

  @Test func aConfigurationNamesItsSpecials() throws {
    let options = try HuggingFaceTokenizerOptions([
      "add_prefix_space": true, "cls_token": "<unk>", "mask_token": ["content": "<mask>", "lstrip": false], "pad_token": nil,
    ])
    let tokenizer = try Self.make(options)
    let specials = tokenizer.settings.specials
    #expect(specials.begin == 3 && specials.padding == 1 && specials.mask == 4)
    #expect(tokenizer.settings.addsPrefixSpace)
    #expect(!tokenizer.settings.addedTokens.contains { $0.stripsLeft })
    #expect(throws: TextError.self) { try HuggingFaceTokenizerOptions(["cls_token": 7]) }
    let decoder = try HuggingFaceTokenizerOptions([
      "added_tokens_decoder": ["1057": ["content": "<h>", "special": true], "4": ["content": "<mask>", "lstrip": true]]
    ])
    #expect(encode("a <mask><h>", with: try Self.make(decoder)).suffix(2) == [4, 1057])
  }

  /// Bytes without a piece are dropped, or become one unknown token each or one together.
  @Test func missingBytesFollowTheUnknownToken() throws {
    let vocabulary: JSONValue = ["<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "aa": 5]
    let json: JSONValue = [
      "model": ["vocab": vocabulary, "merges": ["a a"]], "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false],
    ]
    func ids(_ changes: (String, JSONValue)...) throws -> [Int32] {
      let json = changes.reduce(json) { $0.replacing(["model", $1.0], $1.1) }
      return encode("axxa", with: try ByteLevelBPE(tokenizer: json))
    }
    #expect(try ids() == [5])
    #expect(try ids(("unk_token", "<unk>")) == [4, 3, 3, 4])
    #expect(try ids(("unk_token", "<unk>"), ("fuse_unk", true)) == [4, 3, 4])
  }

  /// For any bytes, nothing traps, and every id is in the vocabulary.
  @Test func anyBytesEncode() {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<200, using: &generator)).map { _ in
        round.isMultiple(of: 2)
          ? UInt8.random(in: 0...255, using: &generator)
          : [0x3C, 0x73, 0x3E, 0x20, 0xE2, 0x80, 0x27, 0xF0].randomElement(using: &generator)!
      }
      for tokenizer in [Self.plain, Self.added] {
        var ids: [Int32] = []
        tokenizer.encode(bytes, into: &ids)
        #expect(ids.allSatisfy { $0 >= 0 && $0 < tokenizer.count })
      }
      var ids: [Int32] = []
      Self.plain.encode(bytes, into: &ids, specialTokens: .asText)
      #expect(Self.plain.bytes(of: ids) == bytes)
    }
  }

  /// Inputs of 64 KiB that repeat one pattern: work that grows with the square of the length would hang here.
  @Test func longWordsPass() {
    for text in [
      String(repeating: "a", count: 65536), String(repeating: "the", count: 22000), String(repeating: " ", count: 65536),
      String(repeating: "<", count: 65536), String(repeating: " <mask>", count: 9000), String(repeating: "洪", count: 22000),
    ] {
      for tokenizer in [Self.plain, Self.added] {
        #expect(!encode(text, with: tokenizer).isEmpty)
      }
    }
  }

  @Test func wordPieceDecodes() throws {
    let tokenizer = Tokenizer.wordPiece(WordPieceTests.wordPiece)
    let ids = tokenizer.framed("Unaffable RiverTown!", limit: 128)
    #expect(tokenizer.decode(ids) == "unaffable rivertown !")
    #expect(tokenizer.decode(ids, skippingSpecials: false) == "[CLS] unaffable rivertown ! [SEP]")
    #expect(tokenizer.mask == 103 && tokenizer.pairSeparator == [102] && tokenizer.unknown == 100)
  }
}

extension JSONValue {
  /// The object with the member at a path replaced or removed.
  func replacing(_ path: [String], _ value: JSONValue?) -> JSONValue {
    guard case .object(var members) = self, let key = path.first else { return self }
    members[key] = path.count == 1 ? value : (members[key] ?? .object([:])).replacing(Array(path.dropFirst()), value)
    return .object(members)
  }
}
