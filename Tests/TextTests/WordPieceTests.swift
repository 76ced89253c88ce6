// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Testing
import TestSupport

@testable import Text

/// WordPiece against Hugging Face's `tokenizers`; fixtures by Tools/fixtures/tokenizer.py.
@Suite struct WordPieceTests {
  static let wordPiece = shared { try WordPiece(vocabulary: Fixtures.bytes("vocab.txt")) }

  private struct Sample: Decodable {
    let text: String
    let ids: [Int32]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      text = try row.decode(String.self)
      ids = try row.decode([Int32].self)
    }
  }

  private func encode(_ text: String, with wordPiece: WordPiece = Self.wordPiece) -> [Int32] {
    var ids: [Int32] = []
    wordPiece.encode(text, into: &ids)
    return ids
  }

  @Test func specialsAreFoundByName() {
    let wordPiece = Self.wordPiece
    #expect([wordPiece.pad, wordPiece.unknown, wordPiece.cls, wordPiece.sep] == [0, 100, 101, 102])
    #expect(wordPiece.count == 30522)
    #expect(wordPiece.piece(102) == "[SEP]" && wordPiece.piece(-1) == nil && wordPiece.piece(30522) == nil)
  }

  @Test func stringsEncodeAsInHuggingFace() throws {
    let samples = try Fixtures.rows("tokenizer.jsonl", as: Sample.self)
    #expect(samples.count > 2500)
    for sample in samples {
      let ids = encode(sample.text)
      #expect(ids == sample.ids, "\(sample.text.unicodeScalars.map { String($0.value, radix: 16) })")
    }
  }

  /// Every Unicode scalar: alone, between letters, and between marks that canonical ordering may move.
  @Test func everyScalarEncodesAsInHuggingFace() throws {
    let single = try WordPiece(vocabulary: Self.scalarVocabulary())
    let blocks = try Fixtures.blocks("tokenizer_blocks.tsv")
    #expect(blocks.count == 1086)
    for (first, hashes) in blocks {
      let contexts = Fixtures.hasContexts(first) ? Self.contexts : [Self.contexts[0]]
      let found = contexts.enumerated().map { number, context in
        var ids: [Int32] = []
        let wordPiece = number == 2 ? single : Self.wordPiece
        wordPiece.encode(Fixtures.cases(from: first, in: context), into: &ids)
        return Fixtures.hash(ids: ids)
      }
      #expect(
        found == Array(hashes.prefix(found.count)), "block \(String(first, radix: 16)); tokenizer.py --show prints it")
    }
  }

  @Test func specialsInTextCanBeText() {
    var ids: [Int32] = []
    Self.wordPiece.encode("[SEP]", into: &ids, specialTokens: .asText)
    #expect(ids.count > 1 && !ids.contains(102))
    #expect(encode("a[SEP]b") == [1037, 102, 1038])
  }

  @Test func encodeAppends() {
    var ids: [Int32] = [7]
    Self.wordPiece.encode("flood", into: &ids)
    #expect(ids == [7, 7186])
  }

  @Test func vocabulariesThatCannotWorkAreRefused() throws {
    func make(_ text: String) throws(TextError) -> WordPiece { try WordPiece(vocabulary: Array(text.utf8)) }
    let good = "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n"
    #expect(try make(good).count == 5)
    #expect(try make("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]").sep == 3)
    #expect(throws: TextError.missingPiece("[PAD]")) { try make("") }
    #expect(throws: TextError.missingPiece("[SEP]")) { try make("[PAD]\n[UNK]\n[CLS]\n") }
    #expect(throws: TextError.repeatedPiece("a", line: 6, firstLine: 5)) { try make(good + "a\n") }
    #expect(throws: TextError.notUTF8(line: 6)) {
      try WordPiece(vocabulary: Array(good.utf8) + [0xC3, 0x0A])
    }
    // Canonically equivalent pieces are different pieces.
    #expect(try make(good + "\u{E9}\ne\u{301}\n").count == 7)
  }

  @Test func aVocabularyOfSpecialsOnlyKnowsNothing() throws {
    let wordPiece = try WordPiece(vocabulary: Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n".utf8))
    #expect(encode("no word, known", with: wordPiece) == [1, 1, 1, 1])
  }

  /// For any bytes, nothing traps, and every id is in the vocabulary.
  @Test func anyBytesEncode() {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<200, using: &generator)).map { _ in
        round.isMultiple(of: 2)
          ? UInt8.random(in: 0...255, using: &generator)
          : [0x5B, 0x53, 0xE2, 0x80, 0xCC, 0x81, 0xF0].randomElement(using: &generator)!
      }
      var ids: [Int32] = []
      Self.wordPiece.encode(bytes, into: &ids)
      #expect(ids.allSatisfy { $0 >= 0 && $0 < 30522 })
    }
  }

  /// Inputs of 64 KiB that repeat one pattern: work that grows with the square of the length would hang here.
  @Test func longInputsOfOneKindPass() {
    for text in [
      String(repeating: "a", count: 65536), String(repeating: "\u{302E}\u{1D165}", count: 9000),
      String(repeating: "\u{0301}", count: 32768), String(repeating: "[", count: 65536),
      String(repeating: "flood ", count: 11000),
    ] {
      #expect(!encode(text).isEmpty || text.unicodeScalars.first == "\u{0301}")
    }
  }

  private static let contexts = [("", ""), ("a", "b"), ("a\u{302E}", "\u{1D165}b")]

  /// The same vocabulary as `scalar_vocabulary` in tokenizer.py.
  private static func scalarVocabulary() -> [UInt8] {
    var bytes = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n".utf8)
    for number in UInt32(0x21)..<0x20000 {
      guard !ScalarCategories.isSpace(number) || (0x7F..<0x85).contains(number) || (0x86..<0xA0).contains(number),
        Unicode.Scalar(number) != nil
      else { continue }
      for prefix in ["", "##"] {
        bytes += Array(prefix.utf8)
        UTF8Bytes.append(number, to: &bytes)
        bytes.append(0x0A)
      }
    }
    return bytes
  }
}

/// A checkpoint without vocab.txt has its vocabulary in tokenizer.json.
@Test func aTokenizerJSONOfAnUncasedBERTIsItsVocabulary() throws {
  let json: JSONValue = [
    "normalizer": [
      "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil, "lowercase": true,
    ],
    "pre_tokenizer": ["type": "BertPreTokenizer"],
    "model": [
      "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
      "vocab": ["[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "flood": 4],
    ],
  ]
  #expect(try WordPiece.vocabulary(tokenizer: json) == Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\nflood\n".utf8))
  func refusal(_ path: [String], _ value: JSONValue?) -> String {
    do {
      _ = try WordPiece.vocabulary(tokenizer: json.replacing(path, value))
      return "accepted"
    } catch { return error.description }
  }
  #expect(refusal(["normalizer", "lowercase"], false) == "normalizer.lowercase: is false, which is not supported")
  #expect(refusal(["normalizer", "strip_accents"], false).hasPrefix("normalizer.strip_accents: is false"))
  #expect(refusal(["pre_tokenizer"], nil) == "pre_tokenizer.type: is missing, which is not supported")
  #expect(refusal(["model", "vocab", "flood"], 0).contains("needs a number of its own from 0 to 4"))
  #expect(refusal(["model", "vocab", "flood"], 5).contains("needs a number of its own from 0 to 4"))
  #expect(refusal(["model", "max_input_chars_per_word"], 50).hasPrefix("model.max_input_chars_per_word"))
}
