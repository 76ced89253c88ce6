// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// `assigner eval` on a small gold file. The test computes the same metrics from the written answers.
@Suite struct EvalTests {
  private let folder = TemporaryFolder()
  private let gold: [(text: String, tags: [String])] =
    (0..<40).map { row in
      let place = ["Kerala", "Aluva", "Paradise", "Houston", "Nepal", "Oslo", "Nowhere"][row % 7]
      let tags = [[place.lowercased(), "flood"], ["storm"], ["unseen", place.lowercased(), "earthquake"]][row % 3]
      return ("The storm number \(row) reached \(place), water and fire", tags)
    } + [("", ["nothing"])]

  private func goldFile() -> String {
    folder.write(
      "gold.jsonl",
      gold.map { row in
        let object: JSONValue = ["text": .string(row.text), "hashtags": .array(row.tags.map { .string($0) })]
        return object.serialized() + "\n"
      }.joined())
  }

  @Test func theASCIIFormIsASwitch() throws {
    let gold = folder.write("ascii.jsonl", #"{"text": "Flood #Übung", "hashtags": ["bung"]}"# + "\n")
    let allow = folder.write("allow", "Übung\n")
    func recall(_ options: String...) throws -> Double {
      let arguments = ["eval", "--input", gold, "--json", "--threshold", "0", "--allow", allow] + options + World.arguments()
      return try JSONValue(parsing: Program.run("assigner", arguments, input: "").output).number("F1@5")
    }
    #expect(try recall() == 0)
    #expect(try recall("--ascii-hashtags") == 100)
  }

  private func f1(_ predicted: [String], _ gold: [String], _ k: Int) -> Double {
    let top = predicted.prefix(k)
    let hits = Double(Set(top).intersection(gold).count)
    guard hits > 0 else { return 0 }
    let (p, r) = (hits / Double(top.count), hits / Double(gold.count))
    return 2 * p * r / (p + r)
  }

  private func averagePrecision(_ predicted: [String], _ gold: [String]) -> Double {
    var (hits, total) = (0.0, 0.0)
    for (place, tag) in predicted.prefix(5).enumerated() where gold.contains(tag) {
      hits += 1
      total += hits / Double(place + 1)
    }
    return total / Double(min(gold.count, 5))
  }

  @Test func figuresAreThoseOfItsAnswers() throws {
    let predictions = folder.file("answers.jsonl")
    let result = try Program.run(
      "assigner",
      ["eval", "--input", goldFile(), "--json", "--reliability", "--predictions", predictions, "--threads", "3"]
        + World.arguments(), input: "")
    #expect(result.status == 0)
    let figures = try JSONValue(parsing: result.output)
    let lines = String(decoding: TemporaryFolder.read(predictions), as: UTF8.self).split(separator: "\n")
    let answers = try lines.map { line in
      try JSONValue(parsing: String(line)).array("hashtags").map { try $0.string("tag").lowercased() }
    }
    #expect(answers.count == gold.count)
    func mean(_ figure: ([String], [String]) -> Double) -> Double {
      100 * zip(answers, gold).map { figure($0, $1.tags) }.reduce(0, +) / Double(gold.count)
    }
    for (name, expected) in [
      ("F1@1", mean { f1($0, $1, 1) }), ("F1@2", mean { f1($0, $1, 2) }), ("F1@5", mean { f1($0, $1, 5) }),
      ("MAP@5", mean(averagePrecision)),
      ("answered", mean { predicted, _ in predicted.isEmpty ? 0 : 1 }),
    ] {
      #expect(abs(try figures.number(name) - expected) < 1e-9, "\(name)")
    }
    let bins = try figures.array("reliability")
    #expect(bins.count == 10)
    #expect(try bins.map { try $0.integer("hashtags") }.reduce(0, +) == answers.map(\.count).reduce(0, +))
    let right = zip(answers, gold).map { answer, row in answer.filter { row.tags.contains($0) }.count }.reduce(0, +)
    let counted = try bins.map { try $0.number("right") * $0.number("hashtags") }.reduce(0, +)
    #expect(abs(counted - Double(right)) < 1e-6)
    #expect(try figures.number("F1@5") > 5)
    #expect(try figures.integer("tweets") == gold.count && figures.number("tweetsPerSecond") > 0)
    #expect(try figures.integer("peakMemory") > 1 << 20 && figures.number("BLEU") > 0 && figures.number("dist-1") > 90)

    // A pipe as input gives the same answers.
    let piped = try Program.run(
      "assigner", ["--format", "json"] + World.arguments(), input: gold.map { $0.text + "\n" }.joined())
    #expect(piped.output == TemporaryFolder.read(predictions))
  }

  @Test func goldCountsInAnySpelling() throws {
    let shouted = TemporaryFolder.read(goldFile()).split(separator: UInt8(ascii: "\n")).map { line in
      let text = String(decoding: line, as: UTF8.self)
      return text.replacing("\"kerala\"", with: "\"#KERALA\"").replacing("\"flood\"", with: "\"Flood\"")
    }
    let options = ["--json", "--threads", "1"] + World.arguments()
    func figure(_ path: String) throws -> Double {
      try JSONValue(parsing: Program.run("assigner", ["eval", "--input", path] + options, input: "").output).number("F1@5")
    }
    let expected = try figure(goldFile())
    #expect(try figure(folder.write("shouted.jsonl", shouted.joined(separator: "\n"))) == expected && expected > 0)
  }

  @Test func theTableHasEveryFigure() throws {
    let result = try Program.run(
      "assigner", ["eval", "--input", "-", "--limit", "5"] + World.arguments(),
      input: TemporaryFolder.read(goldFile()))
    #expect(result.status == 0)
    for name in [
      "F1@1", "F1@2", "F1@5", "MAP@5", "BLEU", "dist-1", "pool recall", "unseen recall", "tweets/s", "peak memory",
    ] {
      #expect(result.lines.contains { $0.hasPrefix(name + " ") })
    }
    #expect(result.lines.contains { $0.hasPrefix("tweets ") && $0.hasSuffix(" 5") })
  }

  @Test(arguments: [
    ("retrieved", ["--rank", "right", "--no-generator"]), ("generated", ["--rank", "generated"]),
    ("generated", ["--rank", "generated", "--generator", "ar", "--beams", "3"]),
  ]) func partsAreMeasuredAlone(source: String, options: [String]) throws {
    let predictions = folder.file("parts.jsonl")
    let result = try Program.run(
      "assigner", ["eval", "--input", goldFile(), "--predictions", predictions] + options + World.arguments(), input: "")
    #expect(result.status == 0)
    let answers = try String(decoding: TemporaryFolder.read(predictions), as: UTF8.self).split(separator: "\n").flatMap {
      try JSONValue(parsing: String($0)).array("hashtags")
    }
    #expect(!answers.isEmpty)
    for answer in answers { #expect(try answer.strings("from").contains(source)) }
  }

  @Test func thePapersHaveTheirOwnMeasures() throws {
    let gold = folder.write(
      "phrases.jsonl",
      """
      {"text": "Water in Kerala", "hashtags": ["kerala flood", "#Storm"]}
      {"text": "Fire", "hashtags": ["fire"], "conversation": "in Oslo"}

      """)
    let allow = folder.write("allow", "KeralaFlood\n")
    let result = try Program.run(
      "assigner",
      ["eval", "--input", gold, "--json", "--measures", "papers", "--threshold", "0", "--allow", allow] + World.arguments(),
      input: "")
    #expect(result.status == 0, "\(result.messages)")
    let figures = try JSONValue(parsing: result.output)
    for name in [
      "MHG F1@1", "MHG F1@5", "MHG MAP", "MHG ROUGE-1", "MHG ROUGE-SU4", "RIGHT ROUGE-1", "RIGHT ROUGE-2", "RIGHT ROUGE-L",
      "RIGHT F1@1", "RIGHT F1@5", "ASSIGNER ROUGE-1", "ASSIGNER ROUGE-L recall", "ASSIGNER BLEU", "ASSIGNER dist-1",
      "BERTScore P, own encoder", "BERTScore F, own encoder",
    ] { #expect((0...100).contains(try figures.number(name)), "\(name)") }
    #expect(figures["F1@1"] == nil)
    func answers(_ row: String, _ options: String...) throws -> [UInt8] {
      let path = folder.file("answers")
      let arguments = ["eval", "--input", "-", "--predictions", path, "--threshold", "0"] + options + World.arguments()
      #expect(try Program.run("assigner", arguments, input: row).status == 0)
      return TemporaryFolder.read(path)
    }
    let (row, alone) = (
      #"{"text": "Fire", "hashtags": ["fire"], "conversation": ["in Oslo"]}"#, #"{"text": "Fire", "hashtags": ["fire"]}"#
    )
    #expect(try answers(row) != answers(alone) && answers(row, "--no-conversation") == answers(alone))
  }

  @Test func twoFilesOfAnswersAreCompared() throws {
    let gold = folder.write(
      "gold.jsonl", (0..<40).map { #"{"text": "\#($0)", "hashtags": ["kerala flood"]}"# + "\n" }.joined())
    let text = folder.write("a.txt", String(repeating: "#Storm #KeralaFlood\n", count: 20) + String(repeating: "\n", count: 20))
    let json = folder.write(
      "b.jsonl",
      String(repeating: #"{"hashtags": [{"tag": "KeralaFlood", "score": 0.5}]}"# + "\n", count: 20)
        + String(repeating: #"{"hashtags": ["kerala flood"]}"# + "\n", count: 20))
    func compare(_ options: String...) throws -> Program.Result {
      try Program.run("assigner", ["eval", "--input", gold, "--compare", text, json] + options, input: "")
    }
    let figures = try JSONValue(parsing: compare("--json").output)
    let row = try #require(figures["measures"]?["F1@1"])
    #expect(try row.number("A") == 0 && row.number("B") == 100 && row.number("difference") == 100 && row.number("low") == 100)
    let two = try #require(figures["measures"]?["F1@2"])
    #expect(try two.number("low") < two.number("difference") && two.number("difference") < two.number("high"))
    #expect(try figures.integer("tweets") == 40 && figures.integer("resamples") == 1000)
    let table = try compare("--resamples", "20")
    #expect(table.status == 0 && table.lines[1] == "F1@1         0.00   100.00  +100.00   +100.00 to +100.00 *", "\(table.text)")
    #expect(try table.output == compare("--resamples", "20").output)
    let papers = try compare("--measures", "papers", "--model", World.model, "--resamples", "20")
    #expect(papers.lines.contains { $0.hasPrefix("BERTScore F, own encoder ") && $0.contains(" 100.00 ") }, "\(papers.text)")

    for (bad, place) in [
      ("#a\n", "1 lines"), ("{\n" + String(repeating: "\n", count: 39), "line 1"), (#"{"tags": 1}"#, "line 1"),
    ] {
      let result = try Program.run(
        "assigner", ["eval", "--input", gold, "--compare", text, folder.write("bad", bad)], input: "")
      #expect(result.status == 65 && result.messages.contains(place), "\(result.messages)")
    }
    for wrong in [["--compare", text], ["--compare", text, json, "--predictions", "x"]] {
      #expect(try Program.run("assigner", ["eval", "--input", gold] + wrong, input: "").status == 64)
    }
  }

  @Test func excludedRowsAreGoneFromEverything() throws {
    let corpus = folder.write(
      "corpus",
      """
      {"text": "Sandbags at the harbour", "hashtags": ["OnlyHere", "Kerala"], "id": "a"}
      {"text": "Sandbags at the harbour again", "hashtags": ["OnlyHere"], "id": 7}
      {"text": "Storm in Oslo", "hashtags": ["Kerala"], "id": "c"}

      """)
    let index = folder.file("i")
    #expect(
      try Program.run("assigner", ["index", "build", "--corpus", corpus, "--output", index, "--model", World.model], input: "")
        .status == 0)
    func answer(_ exclude: String) throws -> (text: String, features: [JSONValue]) {
      let (predictions, features) = (folder.file("p"), folder.file("f"))
      let row = "{\"text\": \"OnlyHere Sandbags at the harbour\", \"hashtags\": [\"kerala\"]\(exclude)}\n"
      let result = try Program.run(
        "assigner",
        [
          "eval", "--input", "-", "--predictions", predictions, "--features", features, "--model", World.model, "--index",
          index, "--no-generator",
        ], input: row)
      #expect(result.status == 0, "\(result.messages)")
      let lines = String(decoding: TemporaryFolder.read(features), as: UTF8.self).split(separator: "\n")
      return (
        String(decoding: TemporaryFolder.read(predictions), as: UTF8.self),
        try lines.map { try JSONValue(parsing: String($0)) }
      )
    }
    let all = try answer("")
    #expect(all.text.contains("OnlyHere"))
    let names = try all.features[0].strings("features")
    let without = try answer(", \"exclude\": [\"a\", 7]")
    #expect(without.text.contains("Kerala"))
    let place = try #require(names.firstIndex(of: "frequency"))
    func frequency(_ tag: String, _ answer: (text: String, features: [JSONValue])) throws -> Double {
      let row = try #require(try answer.features.dropFirst().first { try $0.string("tag") == tag })
      #expect(try row.integer("label") == (tag == "kerala" ? 1 : 0) && row.integer("query") == 0)
      return try row.numbers("features")[place]
    }
    // A count of two tweets is 3 in half octaves. Without them the count is 0.
    #expect(try frequency("onlyhere", all) == 3 && frequency("onlyhere", without) == 0)
    #expect(try frequency("kerala", all) == 3 && frequency("kerala", without) == 1)
  }

  @Test func badGoldIsRefused() throws {
    for input in ["", "{\"text\": 1}\n", "{\n"] {
      let result = try Program.run("assigner", ["eval", "--input", "-"] + World.arguments(), input: input)
      #expect(result.status == 65 && result.output == [])
    }
  }
}
