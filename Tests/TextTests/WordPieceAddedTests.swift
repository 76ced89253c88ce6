// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing

@testable import Text

/// WordPiece with added tokens against Hugging Face's `tokenizers`; fixtures by Tools/fixtures/word_piece_added.py.
@Suite struct WordPieceAddedTests {
  private static let json = Result { try JSONValue(parsing: Fixtures.bytes("wordpiece/tokenizer.json")) }

  private struct Sample: Decodable {
    let text: String
    let ids, asText, framed: [Int32]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      text = try row.decode(String.self)
      ids = try row.decode([Int32].self)
      asText = try row.decode([Int32].self)
      framed = try row.decode([Int32].self)
    }
  }

  private func wordPiece(_ json: JSONValue) throws -> WordPiece {
    let vocabulary = try WordPiece.vocabulary(tokenizer: json)
    return try WordPiece(
      vocabulary: vocabulary, addedTokens: WordPiece.addedTokens(tokenizer: json, vocabulary: vocabulary))
  }

  @Test func stringsEncodeAsInHuggingFace() throws {
    let tokenizer = Tokenizer.wordPiece(try wordPiece(Self.json.get()))
    #expect(tokenizer.count == 55 && tokenizer.piece(48) == "@user" && tokenizer.piece(55) == nil)
    let samples = try Fixtures.rows("wordpiece/encode.jsonl", as: Sample.self)
    #expect(samples.count > 600)
    for sample in samples {
      #expect(tokenizer.encode(sample.text) == sample.ids, "\(sample.text.debugDescription)")
      #expect(tokenizer.encode(sample.text, specialTokens: .asText) == sample.asText, "\(sample.text.debugDescription)")
      #expect(tokenizer.framed(sample.text, limit: 1000) == sample.framed, "\(sample.text.debugDescription)")
    }
  }

  /// The normal form in which added tokens are matched gives the same words as the text.
  @Test func theNormalFormMakesTheSameWords() throws {
    let plain = WordPieceTests.wordPiece
    let never = SpelledToken(AddedToken(id: 30522, isSpecial: false, isSecond: true), "<never in a text>")
    let other = try WordPiece(vocabulary: Fixtures.bytes("vocab.txt"), addedTokens: [never])
    for (before, after) in [("", ""), ("a\u{302E}", "\u{1D165}b")] {
      for first in stride(from: UInt32(0), to: 0x30000, by: 1024) {
        let text = Fixtures.cases(from: first, in: (before, after))
        var (expected, found): ([Int32], [Int32]) = ([], [])
        plain.encode(text, into: &expected)
        other.encode(text, into: &found)
        #expect(found == expected, "block \(String(first, radix: 16))")
      }
    }
  }

  @Test func aModelFileKeepsThem() throws {
    let path = NSTemporaryDirectory() + "added-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let tokenizer = try wordPiece(Self.json.get())
    var writer = ContainerWriter(kind: .model)
    try writer.addCompressed("text/vocabulary", WordPiece.vocabulary(tokenizer: Self.json.get()))
    let description = WordPiece.description(section: "text/vocabulary", addedTokens: tokenizer.addedTokens)
    writer.setMetadata(["tokenizers": ["encoder": description]])
    try writer.write(to: path)
    guard case .wordPiece(let stored) = try Tokenizer(file: ContainerFile(path: path, kind: .model), name: "encoder") else {
      Issue.record("not a WordPiece")
      return
    }
    #expect(stored.addedTokens == tokenizer.addedTokens && stored.addedTokens.count == 11)
  }

  @Test func numbersOfPiecesAreTheirs() throws {
    let vocabulary = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\nflood\n".utf8)
    func make(_ tokens: (Int32, String)...) throws(TextError) -> WordPiece {
      try WordPiece(vocabulary: vocabulary, addedTokens: tokens.map { SpelledToken(AddedToken(id: $0.0), $0.1) })
    }
    #expect(try make((4, "flood"), (9, "@user")).count == 10)
    #expect(throws: TextError.repeatedAddedToken) { try make((5, "a"), (5, "b")) }
    #expect(throws: TextError.addedToken("a", "has the number 4, which belongs to another piece")) { try make((4, "a")) }
    #expect(throws: TextError.addedToken("flood", "has the number 5, but is piece 4")) { try make((5, "flood")) }
    #expect(throws: TextError.addedToken("", "has the number 5, which belongs to another piece")) { try make((5, "")) }
  }

  @Test func whatCannotBeRunIsRefused() throws {
    let json = try Self.json.get()
    func refusal(_ path: [String], _ value: JSONValue?) -> String {
      do {
        _ = try wordPiece(json.replacing(path, value))
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(refusal(["version"], "2") == "accepted")
    #expect(refusal(["post_processor"], nil).hasPrefix("post_processor: is missing: texts would have no [CLS] and [SEP]"))
    let bare: JSONValue = ["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true]
    #expect(
      refusal(["post_processor"], bare)
        == "post_processor: puts [] before a text and [] after it; only [2] and [3] are supported")
    #expect(refusal(["post_processor"], ["type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]]) == "accepted")
    #expect(
      refusal(["post_processor"], ["type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[PAD]", 0]]).contains(
        "puts [0] before"))
    let twice: JSONValue = [
      ["SpecialToken": ["id": "[CLS]", "type_id": 0]], ["SpecialToken": ["id": "[CLS]", "type_id": 0]],
      ["Sequence": ["id": "A", "type_id": 0]], ["SpecialToken": ["id": "[SEP]", "type_id": 0]],
    ]
    #expect(refusal(["post_processor", "single"], twice).contains("puts [2, 2] before a text and [3] after it"))
    let typed: JSONValue = [["Sequence": ["id": "A", "type_id": 1]]]
    #expect(refusal(["post_processor", "single"], typed).contains("has a type_id that is not 0"))
    #expect(refusal(["post_processor", "type"], "Unknown").contains("post_processor.type: is \"Unknown\""))
    #expect(refusal(["added_tokens"], [["id": 6, "content": "flood"]]).contains("\"flood\" has the number 6, but is piece 5"))
    // `tokenizers` would give the next number and ignore the wrong one in the file.
    #expect(refusal(["added_tokens"], [["id": 6, "content": "new"]]).hasSuffix("\"new\" has the number 6, not the next one, 47"))
    #expect(refusal(["added_tokens"], [["id": 90, "content": "new"]]).hasSuffix("has the number 90, not the next one, 47"))
    #expect(refusal(["added_tokens"], [["id": 47, "content": "new"]]) == "accepted")
    #expect(refusal(["added_tokens"], [["id": -1, "content": "new"]]).contains("has the number -1, outside"))
    #expect(refusal(["added_tokens"], [["id": 47, "content": ""]]).contains("\"\" has the number 47"))
  }
}
