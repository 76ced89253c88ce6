// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing

@testable import Text

/// Unigram tokenizers against Hugging Face's `tokenizers`; fixtures by Tools/fixtures/unigram.py.
@Suite struct UnigramTests {
  static let families = ["xlmr", "e5", "saved", "bytes", "first", "bare"]

  static func json(_ family: String) throws -> JSONValue { try JSONValue(parsing: Fixtures.bytes("unigram/\(family).json")) }

  struct Sample: Decodable {
    let text: String
    let ids, asText: [Int32]
    let decoded: String?
    let framed: [Int32]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      text = try row.decode(String.self)
      ids = try row.decode([Int32].self)
      asText = try row.decode([Int32].self)
      decoded = try row.decodeNil() ? nil : row.decode(String.self)
      framed = try row.decode([Int32].self)
    }

    /// Bytes are compared: `String` takes canonically equivalent texts as equal.
    func fits(_ tokenizer: Tokenizer) -> Bool {
      tokenizer.encode(text) == ids && tokenizer.encode(text, specialTokens: .asText) == asText
        && tokenizer.framed(text, limit: 1000) == framed
        && decoded.map { Array($0.utf8) == Array(tokenizer.decode(ids).utf8) } ?? true
    }
  }

  @Test(arguments: families) func stringsEncodeAsInHuggingFace(family: String) throws {
    let tokenizer = Tokenizer.unigram(try Unigram(tokenizer: Self.json(family)))
    #expect((tokenizer.begin, tokenizer.padding, tokenizer.end, tokenizer.unknown) == (0, 1, 2, 3))
    #expect(tokenizer.pairSeparator == [2, 2])
    let samples = try Fixtures.rows("unigram/\(family).jsonl", as: Sample.self)
    #expect(samples.count > 120)
    for sample in samples { #expect(sample.fits(tokenizer), "\(sample.text.debugDescription)") }
  }

  @Test(arguments: families) func aModelFileKeepsIt(family: String) throws {
    let path = NSTemporaryDirectory() + "unigram-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let made = try Unigram(tokenizer: Self.json(family))
    var writer = ContainerWriter(kind: .model)
    writer.setMetadata(["tokenizers": ["encoder": try writer.add(made, named: "encoder")]])
    try writer.write(to: path)
    let file = try ContainerFile(path: path, kind: .model)
    let stored = try Tokenizer(file: file, name: "encoder")
    guard case .unigram(let unigram) = stored else {
      Issue.record("not a Unigram")
      return
    }
    #expect(unigram == made)
    #expect(Tokenizer.sections(of: "encoder", in: file).count == (family == "bare" ? 4 : 6))
    for sample in try Fixtures.rows("unigram/\(family).jsonl", as: Sample.self) {
      #expect(sample.fits(stored), "\(sample.text.debugDescription)")
    }
  }

  @Test func piecesAreSpelledByNumber() throws {
    let tokenizer = Tokenizer.unigram(try Unigram(tokenizer: Self.json("e5")))
    #expect(tokenizer.piece(0) == "<s>" && tokenizer.piece(4) == "▁flood" && tokenizer.mask.flatMap(tokenizer.piece) == "<mask>")
    #expect(tokenizer.piece(-1) == nil && tokenizer.piece(Int32(tokenizer.count)) == nil)
    #expect(tokenizer.piece(Int32(tokenizer.count) - 1) == "É!")
  }

  /// A byte of a damaged text counts as an unknown scalar; nothing is lost after it.
  @Test func invalidUTF8IsUnknown() throws {
    let unigram = try Unigram(tokenizer: Self.json("bare"))
    var ids: [Int32] = []
    unigram.encode([0xF0, 0x9F] + Array("flood".utf8) + [0xE2, 0x96, 0x80, 0xFF], into: &ids)
    let flood = try #require(unigram.pieces.number(of: Array("flood".utf8)))
    #expect(ids == [3, flood, 3])
  }

  @Test func whatCannotBeRunIsRefused() throws {
    let json = try Self.json("e5")
    func refusal(_ path: [String], _ value: JSONValue?) -> String {
      do {
        _ = try Unigram(tokenizer: json.replacing(path, value))
        return "accepted"
      } catch { return "\(error)" }
    }
    func piece(_ score: JSONValue, _ text: String = "x") -> JSONValue { .array([["<unk>", 0.0], [.string(text), score]]) }
    #expect(refusal(["version"], "2") == "accepted")
    #expect(refusal(["normalizer"], .null) == "accepted")
    #expect(refusal(["normalizer"], ["type": "NFKC"]).contains("normalizer.type: is \"NFKC\""))
    #expect(refusal(["normalizer"], ["type": "Precompiled", "precompiled_charsmap": "!"]).contains("is not base64"))
    #expect(refusal(["normalizer"], ["type": "Precompiled", "precompiled_charsmap": "AAAAAA=="]) == "accepted")
    #expect(refusal(["normalizer"], ["type": "Precompiled", "precompiled_charsmap": "CAAAAAA="]).contains("its trie is longer"))
    let runs: JSONValue = ["type": "Replace", "pattern": ["Regex": "a+"], "content": ""]
    #expect(refusal(["normalizer"], runs).contains("normalizer.pattern: is not a text or the regular expression"))
    let long = JSONValue.string(String(repeating: "a", count: 300))
    let growing: JSONValue = ["type": "Replace", "pattern": ["String": "a"], "content": long]
    #expect(refusal(["normalizer"], growing).contains("more than 256 times as long"))
    let empty: JSONValue = ["type": "Replace", "pattern": ["String": ""], "content": ""]
    #expect(refusal(["normalizer"], empty).contains("replaces an empty text"))
    #expect(refusal(["pre_tokenizer"], .null).contains("pre_tokenizer: is not Metaspace"))
    #expect(refusal(["pre_tokenizer", "prepend_scheme"], "last").contains("is not always, first or never"))
    #expect(refusal(["pre_tokenizer", "replacement"], "__").contains("not one character"))
    #expect(refusal(["post_processor"], .null).contains("texts would have no <s> and </s>"))
    #expect(refusal(["model", "unk_id"], .null).contains("model.unk_id"))
    #expect(refusal(["model", "unk_id"], 100_000).contains("model.unk_id: is 100000, outside"))
    #expect(refusal(["model", "vocab"], []).contains("has 0 scores"))
    #expect(refusal(["model", "vocab"], [["x"]]).contains("model.vocab.0: is not a piece and its score"))
    #expect(refusal(["model", "vocab"], piece("1")).contains("model.vocab.1: has a score that is not a number"))
    #expect(refusal(["model", "vocab"], piece(0.0, "")).contains("piece 1 must have 1 to 4096 bytes"))
    #expect(refusal(["model", "vocab"], piece(0.0, "a\0")).contains("piece 1 must have 1 to 4096 bytes and no U+0000"))
    #expect(refusal(["added_tokens"], []) == "accepted")
    #expect(refusal(["added_tokens"], [["id": 7, "content": "<s>"]]).contains("\"<s>\" has the number 7, but is piece 0"))
    #expect(refusal(["added_tokens"], [["id": 90000, "content": "new"]]).contains("not the next one"))
  }

  /// Of equal pieces the last one counts, as in `tokenizers`.
  @Test func aRepeatedPieceHasItsLastNumber() throws {
    let pieces = try UnigramPieces([(Array("a".utf8), 0), (Array("ab".utf8), -1), (Array("a".utf8), -2)])
    #expect(pieces.number(of: Array("a".utf8)) == 2 && pieces.number(of: Array("ab".utf8)) == 1)
    #expect(pieces.number(of: Array("b".utf8)) == nil && pieces.number(of: []) == nil)
    #expect(pieces.unknownScore == -12)
  }
}
