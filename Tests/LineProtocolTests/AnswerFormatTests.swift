// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Testing

@testable import LineProtocol

@Suite struct AnswerFormatTests {
  private let answer = Answer(
    hashtags: [
      .init(tag: "KeralaFloods", score: 0.93456, from: ["retrieved", "text"], features: [("count", 7), ("mean", -0.5)]),
      .init(tag: "Kerala", score: 1, from: ["generated"]),
    ],
    neighbours: [.init(id: "a\"1", similarity: 0.75, hashtags: ["x", "y"])])

  private func line(_ format: AnswerFormat, _ answer: Answer, id: String? = nil, explain: Bool = false) -> String {
    String(decoding: format.line(answer, id: id.map { Array($0.utf8) }, explain: explain), as: UTF8.self)
  }

  @Test func text() {
    #expect(line(.text, answer, id: "1") == "#KeralaFloods #Kerala\n")
    #expect(line(.text, Answer()) == "\n")
  }

  @Test func tsv() {
    #expect(line(.tsv, answer) == "KeralaFloods\t0.9346\tKerala\t1.0000\n")
    #expect(line(.tsv, Answer()) == "\n")
  }

  @Test func json() {
    #expect(
      line(.json, answer, id: "\"t1\"")
        == #"{"id":"t1","hashtags":[{"tag":"KeralaFloods","score":0.9346,"from":["retrieved","text"]},"#
        + #"{"tag":"Kerala","score":1.0000,"from":["generated"]}]}"# + "\n")
    #expect(line(.json, Answer()) == #"{"hashtags":[]}"# + "\n")
    #expect(
      line(.json, Answer(hashtags: [answer.hashtags[0]], neighbours: answer.neighbours), explain: true)
        == #"{"hashtags":[{"tag":"KeralaFloods","score":0.9346,"from":["retrieved","text"],"#
        + #""features":{"count":7.0000,"mean":-0.5000}}],"#
        + #""neighbours":[{"id":"a\"1","similarity":0.7500,"hashtags":["x","y"]}]}"# + "\n")
  }

  @Test func nothingInAHashtagBreaksTheLine() {
    let hostile = Answer(
      hashtags: [.init(tag: "a\nb\tc d\u{1B}[31m\u{202E}", score: 1, from: ["typed"])],
      neighbours: [.init(id: "x\n\u{2028}", similarity: 1, hashtags: ["\u{85}"])])
    #expect(line(.text, hostile) == #"#a\nb\tc\u0020d\u001b[31m\u202e"# + "\n")
    #expect(line(.tsv, hostile) == #"a\nb\tc\u0020d\u001b[31m\u202e"# + "\t1.0000\n")
    #expect(
      line(.json, hostile, explain: true)
        == #"{"hashtags":[{"tag":"a\nb\tc d\u001b[31m\u202e","score":1.0000,"from":["typed"],"features":{}}],"#
        + #""neighbours":[{"id":"x\n\u2028","similarity":1.0000,"hashtags":["\u0085"]}]}"# + "\n")
  }

  @Test func budgets() {
    func budget(_ steps: Int?, _ candidates: Int) -> Answer {
      Answer(budget: .init(milliseconds: 20, taken: 14.84, steps: steps, candidates: candidates))
    }
    #expect(
      line(.json, budget(3, 1)) == #"{"hashtags":[],"budget":{"ms":20.0,"took_ms":14.8,"steps":3,"candidates":1}}"# + "\n")
    #expect(
      line(.json, budget(nil, 4)) == #"{"hashtags":[],"budget":{"ms":20.0,"took_ms":14.8,"candidates":4}}"# + "\n")
    #expect(line(.text, budget(3, 1)) == "\n" && line(.tsv, budget(3, 1)) == "\n")
  }

  @Test func faults() {
    let fault = LineFault(line: 3, code: .lineTooLong, message: "the \"line\"", id: Array("9".utf8))
    #expect(AnswerFormat.text.line(fault) == [0x0A])
    #expect(AnswerFormat.tsv.line(fault) == [0x0A])
    #expect(
      String(decoding: AnswerFormat.json.line(fault), as: UTF8.self)
        == #"{"id":9,"error":{"code":"line_too_long","message":"the \"line\""}}"# + "\n")
  }

  @Test(arguments: [
    (0, "0.0000"), (0.00004, "0.0000"), (-0.00004, "0.0000"), (0.99996, "1.0000"), (-1.25, "-1.2500"), (12.5, "12.5000"),
    (.nan, "0"), (.infinity, "0"),
  ]) func decimals(value: Double, text: String) {
    #expect(JSONText.decimal(value) == text)
  }
}
