// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct WordVocabularyTests {
  private static func bytes(_ words: [(String, Int)], outputs: Int = 5) -> [UInt8] {
    let specials = ["<pad>", "<unk>", "<s>", "</s>"].map { ($0, 0) }
    return Array("\(outputs)\n".utf8) + (specials + words).flatMap { Array("\($0.0)\t\($0.1)\n".utf8) }
  }

  private static let words = [
    ("flood", 9), ("URL", 2), ("DIGIT", 5), ("MENTION", 4), ("河", 30), ("水", 40), ("河水", 12), ("水上", 3), ("上涨", 20),
    ("涨", 8), ("大桥", 6), ("上", 25), ("Iran", 2), ("c++", 2),
  ]

  private func vocabulary() throws -> WordVocabulary { try WordVocabulary(Self.bytes(Self.words)) }

  private func failure(_ bytes: [UInt8]) -> TextError? {
    do throws(TextError) { _ = try WordVocabulary(bytes) } catch { return error }
    return nil
  }

  @Test func wordsHaveTheNumbersOfTheirLines() throws {
    let vocabulary = try vocabulary()
    #expect(vocabulary.count == 18 && vocabulary.outputs == 5)
    #expect(vocabulary.number(of: "flood") == 4 && vocabulary.word(4) == "flood")
    #expect(vocabulary.number(of: "c++") == 17 && vocabulary.word(17) == "c++")
    #expect(vocabulary.number(of: "<s>") == nil && vocabulary.number(of: "fire") == nil)
    #expect(vocabulary.word(-1) == nil && vocabulary.word(18) == nil)
  }

  @Test func brokenListsAreRefused() {
    #expect(failure([]) == .wordLine(1))
    #expect(failure(Array("many\n".utf8)) == .wordLine(1))
    #expect(failure(Self.bytes(Self.words, outputs: 3)) == .wordLine(1))
    #expect(failure(Self.bytes(Self.words, outputs: 19)) == .wordLine(1))
    #expect(failure(Self.bytes([("flood", -1)])) == .wordLine(6))
    #expect(failure(Self.bytes([("a", 1_000_000_000)])) == .wordLine(6))
    #expect(failure(Array("4\n<pad>\t0\n<unk>\t0\n<s>\t0\n</s> 0\n".utf8)) == .wordLine(5))
    #expect(
      failure(Array("4\n<pad>\t0\n<s>\t0\n<unk>\t0\n</s>\t0\n".utf8)) == .wrongStart(expected: ["<pad>", "<unk>", "<s>", "</s>"]))
    #expect(failure(Self.bytes([("a", 1), ("a", 2)])) == .repeatedPiece("a", line: 6, firstLine: 5))
    #expect(failure(Self.bytes([]) + [0xFF, 0x09, 0x31, 0x0A]) == .notUTF8(line: 5))
  }

  @Test func textsWithSpacesKeepTheirWords() throws {
    let vocabulary = try vocabulary()
    #expect(vocabulary.words(of: "河水 flood c++ 上涨", limit: 9) == ["河水", "flood", "c++", "上涨"])
    #expect(
      vocabulary.words(of: "Flood, FLOOD! iran Iran @user 911 12.5", limit: 9)
        == ["flood", "flood", "iran", "Iran", "MENTION", "DIGIT", "DIGIT", "DIGIT"])
    #expect(vocabulary.words(of: "河水 flood c++ 上涨", limit: 2) == ["河水", "flood"])
    #expect(vocabulary.words(of: "", limit: 2) == [] && vocabulary.words(of: "…!", limit: 2) == [])
  }

  @Test func unknownWordsOfTextsWithSpacesStayWhole() throws {
    let vocabulary = try vocabulary()
    #expect(vocabulary.words(of: "河水 救援大桥 上涨", limit: 9) == ["河水", "救援大桥", "上涨"])
    #expect(vocabulary.words(of: "河水 救援大桥 上涨大桥", limit: 9) == ["河水", "救援", "大桥", "上涨", "大桥"])
  }

  /// 河水|上涨 is likelier than 河|水上|涨, and what no word has stays together.
  @Test func textsWithoutSpacesAreSegmented() throws {
    let vocabulary = try vocabulary()
    #expect(vocabulary.words(of: "河水上涨", limit: 9) == ["河水", "上涨"])
    #expect(vocabulary.words(of: "河水上涨，大桥", limit: 9) == ["河水", "上涨", "大桥"])
    #expect(vocabulary.words(of: "救援队大桥", limit: 9) == ["救援队", "大桥"])
    #expect(vocabulary.words(of: "大桥flood河水", limit: 9) == ["大桥", "flood", "河水"])
    #expect(vocabulary.words(of: "大桥abc河水", limit: 9) == ["大桥", "abc", "河水"])
    #expect(vocabulary.words(of: String(repeating: "河水", count: 500), limit: 1000).count == 500)
    #expect(vocabulary.words(of: "河水上涨大桥", limit: 2) == ["河水", "上涨"])
  }
}
