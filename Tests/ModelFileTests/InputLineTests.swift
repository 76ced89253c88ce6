// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ModelFile

@Suite struct InputLineTests {
  private func text(_ line: String) -> String? {
    guard case .text(let text)? = try? InputLine(Array(line.utf8)) else { return nil }
    return text
  }

  private func fault(_ bytes: [UInt8]) -> InputLineError? {
    do {
      _ = try InputLine(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "", " ", "Bridge out", " leading blank", "[ALERT] Bridge out", "[1] of [2]", "[ {not json", "\"quoted\" words", "1", "null",
    "]",
    "()[]{}", "\u{A0}x", "< [{",
  ]) func plainLinesStayAsTheyAre(line: String) {
    #expect(text(line) == line)
  }

  @Test func byteOrderMarksDoNotCount() {
    #expect(text("\u{FEFF}Flood") == "Flood" && text("\u{FEFF}\u{FEFF} Flood") == " Flood" && text("\u{FEFF}") == "")
    #expect(text("Flo\u{FEFF}od") == "Flo\u{FEFF}od")
  }

  @Test(arguments: [
    "{\"a\":1}", " {\"a\":1} ", "\t\t{\"a\":1}", "\u{FEFF}{\"a\":1}", "\u{FEFF}\u{FEFF} \u{FEFF}{\"a\":1}", "\u{A0}{\"a\":1}",
  ])
  func objectsMayFollowBlanksAndMarks(line: String) throws {
    guard case .object(let object, let source) = try InputLine(Array(line.utf8)) else {
      Issue.record("no object")
      return
    }
    #expect(object == ["a": 1] && source.member("a").map(Array.init) == [0x31])
  }

  @Test(arguments: [
    "[]", "[1]", " [ ]", "[{\"text\":\"a\"}]", "[{\"text\":\"a\"},", "[ { \"text\"", "[", "\u{FEFF}[\"a\"]", "[{}",
  ])
  func arraysAreRefused(line: String) {
    let error = fault(Array(line.utf8))
    #expect(error?.kind == .array && error?.message.contains("one object per line; \"jq -c '.[]'\"") == true)
  }

  @Test func otherEncodingsAreRefused() {
    let utf16: [[UInt8]] = [
      [0xFF, 0xFE, 0x46, 0], [0xFE, 0xFF, 0, 0x46], [0x46, 0, 0x6C, 0], [0, 0x46, 0, 0x6C], [0], [0, 0x7B, 0, 0x7D],
    ]
    for bytes in utf16 {
      #expect(fault(bytes)?.kind == .encoding && fault(bytes)?.message.contains("iconv -f UTF-16") == true)
      #expect(InputLine.objection(toFileBeginning: bytes)?.contains("iconv") == true)
    }
    #expect(fault(Array("Flood in Kerala\u{0}".utf8)) == InputLineError(.encoding, "the line has a NUL at byte 15"))
    #expect(fault(Array("{\"text\":\"a\u{0}b c d e\"}".utf8))?.message == "the line has a NUL at byte 10")
    #expect(fault([0x61, 0xC3])?.message == "the line is not UTF-8 at byte 1")
    #expect(fault([0x7B, 0x22, 0xC3, 0x22, 0x7D])?.kind == .encoding)
  }

  @Test func placesAreThoseOfTheLine() {
    #expect(
      fault(Array(" \u{FEFF}{x}".utf8))?.message
        == "the line starts with { but is not a JSON object: byte 5: a key in quotes is expected here")
  }

  @Test func filesThatGoOverLinesAreRefused() {
    for line in ["[", " [ ", "[{\"text\": 1},", "[]", "\u{FEFF}["] {
      #expect(InputLine.objection(toFileBeginning: Array(line.utf8))?.contains("jq -c '.[]'") == true)
    }
    for line in ["{", " { "] { #expect(InputLine.objection(toFileBeginning: Array(line.utf8))?.contains("jq -c .\"") == true) }
    for line in ["[ALERT] x", "{\"text\":\"a\"}", "{}", "{broken", "a\u{0}b c d e", "x"] {
      #expect(InputLine.objection(toFileBeginning: Array(line.utf8)) == nil)
    }
  }

  @Test func sourcesKeepTheSpelling() throws {
    func source(_ text: String) throws -> JSONSource {
      _ = try JSONValue(parsing: text)
      return JSONSource(Array(text.utf8)[...])
    }
    func strings(_ slices: [ArraySlice<UInt8>]) -> [String] { slices.map { String(decoding: $0, as: UTF8.self) } }
    #expect(
      try strings(source(" [ 1.0 , \"a,]\\\"\" ,[2,3], {\"x\":[4]} ,-0]").elements()) == [
        "1.0", "\"a,]\\\"\"", "[2,3]", "{\"x\":[4]}", "-0",
      ])
    #expect(try source("[ ]").elements().isEmpty && source("{}").member("id") == nil)
    let object = try source("{\"x\":{\"id\":1,\"y\":[\"id\"]},\"i\\u0064\" :  1e400  ,\"z\":[1,2]}")
    #expect(object.member("id").map { strings([$0]) } == ["1e400"])
    #expect(object.member("z").map { strings(JSONSource($0).elements()) } == ["1", "2"])
  }
}
