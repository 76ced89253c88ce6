// SPDX-License-Identifier: Apache-2.0

import Testing

/// The line protocol, with the built program and real pipes.
@Suite struct LineTests {
  private func run(_ arguments: String..., input: String) throws -> Program.Result {
    try Program.run("assigner", arguments + World.arguments(), input: input)
  }

  @Test func oneLineOutForEachLineInInOrder() throws {
    let tweets = ["Flood in Kerala", "", "Fire near Paradise", "http://example.org/x", "Storm"]
    let together = try run(input: tweets.joined(separator: "\n") + "\n")
    #expect(together.status == 0)
    #expect(together.messages == "")
    #expect(together.lines.count == tweets.count)
    #expect(together.lines[1] == "")
    #expect(together.lines[3] == "")
    for line in [0, 2, 4] {
      #expect(together.lines[line].split(separator: " ").count == 5)
      #expect(together.lines[line].split(separator: " ").allSatisfy { $0.hasPrefix("#") && $0.count > 1 })
    }
  }

  @Test func lineEnds() throws {
    let expected = try run(input: "Flood in Kerala\nFire near Oslo\n").output
    #expect(try run(input: "Flood in Kerala\r\nFire near Oslo\r\n").output == expected)
    #expect(try run(input: "Flood in Kerala\nFire near Oslo").output == expected)
    #expect(try run(input: "\u{FEFF}Flood in Kerala\r\nFire near Oslo\r").output == expected)
    #expect(try run(input: "").output == [])
  }

  @Test func formatsSayTheSame() throws {
    let input = "Flood reached the bridge in Kerala\n\n"
    let text = try run(input: input).lines
    let tsv = try run("--format", "tsv", input: input).lines
    let json = try run("--format", "json", input: input).lines
    let pairs = tsv[0].split(separator: "\t").map(String.init)
    #expect(pairs.count == 10)
    let tags = stride(from: 0, to: 10, by: 2).map { pairs[$0] }
    #expect(text[0] == tags.map { "#" + $0 }.joined(separator: " "))
    let scores = stride(from: 1, to: 10, by: 2).compactMap { Double(pairs[$0]) }
    #expect(scores.count == 5 && scores == scores.sorted(by: >) && scores.allSatisfy { (0...1).contains($0) })
    #expect(tsv[1] == "" && text[1] == "")
    #expect(json[0].hasPrefix(#"{"hashtags":[{"tag":"\#(tags[0])","score":\#(pairs[1]),"from":[""#))
    #expect(json[1] == #"{"hashtags":[]}"#)
  }

  @Test func objectsBringIdCountAndConversation() throws {
    let lines = try run(
      "--format", "json",
      input: """
        {"id": "t-1", "text": "Flood in Kerala", "k": 2}
        {"text": "Flood in Kerala", "id": 1.50, "k": 1}
        {"text": "Flood in Kerala", "conversation": ["is the bridge in Aluva still open?", "storm and fire too"]}
        Flood in Kerala

        """
    ).lines
    #expect(lines[0].hasPrefix(#"{"id":"t-1","hashtags":[{"#))
    #expect(lines[0].split(separator: "\"tag\"").count == 3)
    #expect(lines[1].hasPrefix(#"{"id":1.50,"hashtags":[{"#))
    #expect(lines[1].split(separator: "\"tag\"").count == 2)
    #expect(lines[2].hasPrefix(#"{"hashtags":[{"#))
    #expect(lines[2] != lines[3])
  }

  @Test func explanationsNameNeighboursAndFeatures() throws {
    let line = try run("--format", "json", "--explain", input: "Flood in Kerala\n").lines[0]
    #expect(line.contains(#""features":{"similaritySum":"#))
    #expect(line.contains(#""neighbours":[{"id":""#))
    #expect(try run("--explain", input: "").status == 64)
  }

  @Test func typedHashtagsAndWordsAreCandidates() throws {
    let line = try run("--format", "json", "-k", "100", input: "Kerala needs boats #Flood #SomethingNew\n").lines[0]
    #expect(line.contains(#""tag":"SomethingNew""#))
    #expect(line.contains(#""typed""#) && line.contains(#""text""#) && line.contains(#""retrieved""#))
  }

  @Test func badLinesCostThemselvesOnly() throws {
    let good = "Flood in Kerala\n"
    let long = String(repeating: "x", count: 65_537)
    var input = Array(good.utf8) + [0x61, 0xFF, 0x0A] + Array(good.utf8)
    input += Array(("{\"text\": \n" + "{\"id\": 4}\n" + long + "\n" + long.dropLast() + "\n" + good).utf8)
    let text = try Program.run("assigner", World.arguments(), input: input)
    #expect(text.status == 0)
    #expect(text.lines.count == 8)
    for line in [1, 3, 4, 5] { #expect(text.lines[line] == "") }
    #expect(text.lines[0] != "" && text.lines[2] != "" && text.lines[7] != "")
    #expect(
      text.messages.split(separator: "\n").map { $0.prefix(17) }
        == ["assigner: line 2:", "assigner: line 4:", "assigner: line 5:", "assigner: line 6:"])

    let json = try Program.run("assigner", ["--format", "json"] + World.arguments(), input: input)
    #expect(json.lines[1].hasPrefix(#"{"error":{"code":"invalid_utf8","message":""#))
    #expect(json.lines[3].hasPrefix(#"{"error":{"code":"invalid_json","message":""#))
    #expect(json.lines[4] == #"{"id":4,"error":{"code":"invalid_request","message":"text is missing"}}"#)
    #expect(json.lines[5].hasPrefix(#"{"error":{"code":"line_too_long","message":""#))
    #expect(json.lines[6].hasPrefix(#"{"hashtags":["#))
  }

  @Test(arguments: [1, 2, 3]) func badLinesAmongGoodOnesOfABatchChangeNoAnswer(threads: Int) throws {
    let options = ["--format", "json", "--explain", "--threads", "\(threads)"]
    let alone = try World.corpus.map { try Program.run("assigner", options + World.arguments(), input: $0 + "\n").lines[0] }
    // A bad line takes every place in a batch once.
    for period in [2, 3, 5] {
      let lines = World.corpus.enumerated().flatMap { $0 % period == 0 ? ["{", $1] : [$1] }
      let mixed = try Program.run("assigner", options + World.arguments(), input: lines.joined(separator: "\n") + "\n")
      #expect(mixed.status == 0 && mixed.lines.count == lines.count)
      #expect(zip(lines, mixed.lines).allSatisfy { ($0 == "{") == $1.contains("invalid_json") })
      #expect(zip(lines, mixed.lines).filter { $0.0 != "{" }.map(\.1) == alone)
    }
  }

  @Test func strictStopsAtTheFirstBadLine() throws {
    let result = try run("--strict", input: "Flood\nFire\n{broken\nStorm\n")
    #expect(result.status == 65)
    #expect(result.lines.count == 2)
    #expect(result.messages.hasPrefix("assigner: line 3: "))
  }

  @Test func answersComeBeforeMoreInputIsAwaited() throws {
    let program = try Program("assigner", World.arguments())
    for count in 1...3 {
      program.send("Flood in Kerala\n")
      #expect(try program.lines(count).count == count)
    }
    #expect(try program.finish().status == 0)
  }

  @Test func halfLinesMayArriveLate() throws {
    let whole = try run(input: "Flood in Kerala é 😀\nFire\n").output
    let program = try Program("assigner", World.arguments())
    program.send("Flood in Kerala é 😀\nFi")
    _ = try program.lines(1)
    try program.idle(milliseconds: 300)
    #expect(program.output.count { $0 == 0x0A } == 1)
    for byte in Array("re\n".utf8) {
      program.send([byte])
      try program.idle(milliseconds: 30)
    }
    _ = try program.lines(2)
    let result = try program.finish()
    #expect(result.output == whole && result.status == 0)
  }

  @Test func multibyteCharactersMayBeCutAnywhere() throws {
    let line = Array("Flood in Kerala é 😀 水\n".utf8)
    let whole = try Program.run("assigner", World.arguments(), input: line).output
    let program = try Program("assigner", World.arguments())
    for byte in line {
      program.send([byte])
      try program.idle(milliseconds: 2)
    }
    #expect(try program.finish().output == whole)
  }

  @Test func aHundredThousandLines() throws {
    // A third of a percent are real tweets. The other lines cost nothing, so that the test is about lines, not encoder
    // passes.
    var input: [UInt8] = []
    for line in 0..<100_000 {
      switch line % 300 {
      case 0: input += "Flood in Kerala \(line)\n".utf8
      case 1: input += [0xC3, 0x28, 0x0A]
      case 2: input += "{\"id\":\(line)}\n".utf8
      case 3: input += "https://example.org/\(line)\r\n".utf8
      default: input += "{\"id\":\(line),\"text\":\"\"}\n".utf8
      }
    }
    let result = try Program.run(
      "assigner", ["--format", "json", "--no-generator"] + World.arguments(), input: input, seconds: 600)
    #expect(result.status == 0)
    let lines = result.lines
    #expect(lines.count == 100_000)
    let wrong = lines.enumerated().first { number, line in
      switch number % 300 {
      case 0: !line.hasPrefix(#"{"hashtags":[{"tag":"#)
      case 1: !line.hasPrefix(#"{"error":{"code":"invalid_utf8""#)
      case 2: !line.hasPrefix(#"{"id":\#(number),"error":{"code":"invalid_request""#)
      case 3: line != #"{"hashtags":[]}"#
      default: line != #"{"id":\#(number),"hashtags":[]}"#
      }
    }
    #expect(wrong == nil)
    #expect(result.messages.split(separator: "\n").count == 2 * 334)
  }

  @Test func aLineWithoutEndTakesNoMemory() throws {
    let program = try Program("assigner", ["--format", "json"] + World.arguments())
    program.send([UInt8](repeating: 0x61, count: 32 << 20) + Array("\nFlood\n".utf8))
    let result = try program.finish()
    #expect(result.status == 0)
    #expect(result.lines.count == 2)
    #expect(result.lines[0].contains("line_too_long") && result.lines[1].hasPrefix(#"{"hashtags":[{"#))
  }
}
