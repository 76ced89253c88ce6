// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// `assigner bench` on a small model: every part of the work has a row, in both formats.
@Suite struct BenchTests {
  private let quick = ["--repetitions", "2", "--warm-up", "1"]

  @Test func everyPieceOfWorkHasItsRow() throws {
    let sizes = ["--tokens", "5,9", "--batch", "1,3", "--steps", "1,2", "--source", "8", "--threads", "2"]
    let result = try Program.run(
      "assigner", ["bench", "--format", "json"] + quick + sizes + World.arguments(), input: "")
    #expect(result.status == 0, "\(result.messages)")
    let report = try JSONValue(parsing: result.output)
    let rows = try report.array("rows")
    let works = try rows.map { try $0.string("work") }
    #expect(
      works == [
        "start", "encode", "encode", "encode", "encode", "generate", "generate", "search", "select", "tweet", "throughput",
      ])
    for row in rows {
      let (lower, median, upper) = try (row.number("lowerQuartile"), row.number("median"), row.number("upperQuartile"))
      #expect(0 < lower && lower <= median && median <= upper, "\(row.serialized())")
      #expect(try abs(row.number("perSecond") * median - Double(row.integer("units"))) < 1e-6)
    }
    let encoded = rows[1...4]
    #expect(try encoded.map { try $0.integer("tokens") } == [5, 9, 5, 9])
    #expect(try encoded.map { try $0.integer("batch") } == [1, 1, 3, 3])
    #expect(try encoded.allSatisfy { try $0.number("multiplyAddsPerSecond") > 0 })
    #expect(try rows[5].integer("steps") == 1 && rows[6].integer("steps") == 2)
    #expect(try rows[10].integer("threads") == 2)
    #expect(try rows[7].integer("rows") == World.corpus.count)
    let memory = try #require(report["memory"])
    let (model, index) = try (memory.integer("model", "touched"), memory.integer("index", "touched"))
    #expect(try memory.integer("peak") > 1 << 20 && model > 0 && index > 0)
    #expect(try model + index <= memory.integer("peak"))
    // stderr has one line of progress for each part of the work.
    #expect(result.messages == "start\nencode\ngenerate\nsearch\nselect\ntweet\nthroughput\n")
  }

  @Test func theTableHasTheRowsThatAreAskedFor() throws {
    let result = try Program.run(
      "assigner",
      ["bench", "--only", "search,generate", "--generator", "ar", "--beams", "2", "--new", "4"] + quick + World.arguments(),
      environment: ["ASSIGNER_ISA": "scalar"])
    #expect(result.status == 0, "\(result.messages)")
    let lines = result.lines.filter { $0.hasPrefix("| ") }
    #expect(lines.count == 4)
    #expect(lines[2].contains("generate") && lines[2].contains("new 4, beams 2"))
    #expect(lines[3].contains("search"))
    #expect(result.text.contains("kernels scalar") && !result.text.contains("processor time"))
  }

  @Test func sampleTweetsMayBeGiven() throws {
    let result = try Program.run(
      "assigner",
      ["bench", "--only", "tweet,throughput", "--input", "-", "--clock", "processor", "--format", "json"] + quick
        + World.arguments(),
      input: "Flood in Kerala\nFire in Oslo\n")
    #expect(result.status == 0)
    let report = try JSONValue(parsing: result.output)
    #expect(try report.string("clock") == "processor" && report.array("rows")[0].integer("calls") == 4)
    #expect(try report.array("rows")[1].integer("tweets") == 2)
  }

  @Test func aModelAloneIsMeasuredAsFarAsItGoes() throws {
    let result = try Program.run(
      "assigner", ["bench", "--model", World.model, "--format", "json", "--source", "8"] + quick, input: "")
    #expect(result.status == 0, "\(result.messages)")
    #expect(try Set(JSONValue(parsing: result.output).array("rows").map { try $0.string("work") }) == ["encode", "generate"])
  }

  @Test(arguments: [
    ("--only cooking", 64), ("--tokens 1,x", 64), ("--repetitions 0", 64), ("--batch ,", 64), ("--input nowhere", 66),
    ("--only encode --tokens 4000", 78),
  ]) func whatCannotBeMeasuredIsAnError(options: String, status: Int32) throws {
    let arguments = options.split(separator: " ").map(String.init)
    #expect(try Program.run("assigner", ["bench"] + quick + arguments + World.arguments(), input: "").status == status)
  }

  @Test func anIndexThatIsNamedMustBeThere() throws {
    let arguments = ["bench", "--index", "nowhere"] + World.arguments(files: ["--model"])
    #expect(try Program.run("assigner", arguments, input: "").status == 66)
  }
}
