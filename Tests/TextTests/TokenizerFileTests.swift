// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing

@testable import Text

/// Tokenizers as sections and metadata of a model file.
@Suite final class TokenizerFileTests {
  private let path = NSTemporaryDirectory() + "tokenizers-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A model file with the fixtures' byte-level BPE as "encoder" and a changed description.
  private func file(
    pieces: [UInt8]? = nil, _ change: (JSONValue) -> JSONValue = { $0 }, metadata: [String: JSONValue] = [:]
  ) throws -> ContainerFile {
    var writer = ContainerWriter(kind: .model)
    let description = try writer.add(ByteLevelBPETests.added, named: "encoder")
    if let pieces { try writer.addCompressed("broken", pieces) }
    var members = metadata
    members["tokenizers"] = ["encoder": change(description)]
    writer.setMetadata(.object(members))
    try writer.write(to: path)
    return try ContainerFile(path: path, kind: .model)
  }

  @Test func aStoredTokenizerIsReadAsItWas() throws {
    let file = try file()
    let tokenizer = try Tokenizer(file: file, name: "encoder")
    guard case .byteLevelBPE(let stored) = tokenizer else {
      Issue.record("not a byte-level BPE")
      return
    }
    #expect(stored == ByteLevelBPETests.added)
    #expect(tokenizer.encode("a <mask> [sep] 洪水") == Tokenizer.byteLevelBPE(ByteLevelBPETests.added).encode("a <mask> [sep] 洪水"))
    #expect(Tokenizer.sections(of: "encoder", in: file) == ["text/encoder.pieces", "text/encoder.merges"])
    #expect((tokenizer.begin, tokenizer.padding, tokenizer.end, tokenizer.unknown) == (0, 1, 2, 3))
    #expect(tokenizer.mask == 4 && tokenizer.count == 1064 && tokenizer.piece(2) == "</s>")
  }

  @Test func descriptionsThatCannotBeAreRefused() throws {
    func refusal(_ path: [String], _ value: JSONValue?) throws -> String {
      let file = try file(pieces: [3, 0x61]) { $0.replacing(path, value) }
      do {
        _ = try Tokenizer(file: file, name: "encoder")
        return "accepted"
      } catch { return error.description }
    }
    #expect(try refusal(["unknown member"], 1) == "accepted")
    #expect(try refusal(["kind"], "unknown").contains("tokenizers.encoder: kind: is \"unknown\""))
    #expect(try refusal(["kind"], nil).contains("tokenizers.encoder: kind: is missing"))
    #expect(try refusal(["sections"], nil).contains("sections.pieces: is missing"))
    #expect(try refusal(["sections", "merges"], "text/nothing").contains("text/nothing"))
    #expect(try refusal(["sections", "pieces"], "broken").contains("\"broken\""))
    #expect(try refusal(["sections", "pieces"], "broken").contains("pieces, byte 0: the section ends inside the piece"))
    #expect(try refusal(["sections", "pieces"], "text/encoder.merges").contains("\"text/encoder.merges\""))
    #expect(try refusal(["specials", "end"], nil).contains("specials.end: is missing"))
    #expect(try refusal(["specials", "end"], 1064).contains("end: 1064 is not one of 1064 pieces"))
    #expect(try refusal(["specials", "mask"], -1).contains("mask: is -1, outside"))
    #expect(try refusal(["specials", "mask"], .integer(.max)).contains("mask: is 9223372036854775807, outside"))
    #expect(try refusal(["pairSeparators"], 3).contains("pairSeparators: is 3, outside 1...2"))
    #expect(try refusal(["addsPrefixSpace"], 1).contains("addsPrefixSpace: is an integer"))
    #expect(try refusal(["addedTokens"], [["id": 5000]]).contains("addedTokens: 5000 is not one of"))
    #expect(try refusal(["addedTokens"], [["id": 7], ["id": 7]]).contains("two have the same number"))
    #expect(try refusal(["addedTokens"], ["x"]).contains("id"))
    #expect(try refusal(["unknownByte"], "x").contains("unknownByte"))
  }

  @Test func networksNameTheirTokenizer() throws {
    let file = try file(metadata: ["retriever": ["tokenizer": "encoder"], "selector": ["tokenizer": 7], "generator": [:]])
    #expect(try Tokenizer.name(of: "retriever", in: file) == "encoder")
    #expect(try Tokenizer.name(of: "generator", in: file) == "encoder")
    #expect(throws: ContainerError.self) { try Tokenizer.name(of: "selector", in: file) }
    let error = #expect(throws: ContainerError.self) { try Tokenizer(file: file, name: "nobody") }
    #expect(error?.description.contains("tokenizers.nobody: is missing") == true)
    #expect(Tokenizer.sections(of: "nobody", in: file) == [])
  }

  /// Older files do not name their tokenizers.
  @Test func aFileWithoutTokenizersHasAWordPiece() throws {
    var writer = ContainerWriter(kind: .model)
    try writer.addCompressed("text/vocabulary", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\nflood\n".utf8))
    writer.setMetadata([:])
    try writer.write(to: path)
    let file = try ContainerFile(path: path, kind: .model)
    let tokenizer = try Tokenizer(file: file, name: Tokenizer.name(of: "retriever", in: file))
    #expect(tokenizer.framed("flood x", limit: 128) == [2, 4, 1, 3])
    #expect(tokenizer.framed("flood flood", limit: 3) == [2, 4, 3])
    #expect(tokenizer.framed([4, 4, 4], [4, 4], limit: 6) == [2, 4, 4, 3, 4, 3])
    #expect(throws: ContainerError.self) { try Tokenizer(file: file, name: "generator") }
  }
}
