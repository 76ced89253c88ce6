// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `assigner --learn`: the order of lines, the journal and what a person decides, through real pipes.
@Suite struct LearningTests {
  private let folder = TemporaryFolder()

  /// Lines of a made-up flood in Rivertown, which the index does not know: some with hashtags, some repeated, some that
  /// teach nothing.
  private static let lines: [String] = (0..<60).map { number in
    let thing = ["bridge", "school", "market", "ferry", "tunnel", "station", "chapel"][number % 7]
    let street = ["Mill", "Church", "Harbour", "Garden", "Castle"][number % 5]
    let text = "The \(thing) on \(street) street \(number * 3) is under water, call \(number * number)"
    switch number % 6 {
    case 0: return text + " #RivertownFlood"
    case 1: return text + " #rivertownflood #\(street)Street"
    case 2:
      return #"{"text": "\#(text) #RivertownFlood", "id": "t-\#(number)", "author": "a\#(number % 4)", "time": \#(number * 60)}"#
    case 3: return #"{"text": "\#(text) #NotLearned", "learn": false}"#
    case 4: return number % 12 == 4 ? "" : "RT @someone: \(text) #Copied"
    default: return text
    }
  }

  private static let json = ["--format", "json", "--explain"]

  private func run(_ arguments: [String], _ lines: [String]) throws -> Program.Result {
    try Program.run("assigner", Self.json + arguments + World.arguments(), input: lines.map { $0 + "\n" }.joined())
  }

  /// What a session says that has all lines and is never interrupted.
  private static let whole = Result { () throws -> [String] in
    let result = try Program.run(
      "assigner", json + ["--learn", "--threads", "1"] + World.arguments(), input: lines.map { $0 + "\n" }.joined())
    guard result.status == 0, result.messages.isEmpty else { throw Program.Failure(description: result.messages) }
    return result.lines
  }

  @Test func whatIsTaughtIsOffered() throws {
    let lines = try Self.whole.get()
    #expect(lines.count == Self.lines.count)
    let asked = try run(["--learn", "-k", "100"], Self.lines + ["Is the old mill still dry?"]).lines.last ?? ""
    #expect(asked.contains(#""tag":"RivertownFlood""#) && asked.contains(#""stream""#) && asked.contains(#""streamShare":0."#))
    #expect(!asked.contains("NotLearned"))
    // Nothing of it without --learn.
    let plain = try run(["-k", "100"], Self.lines + ["Is the old mill still dry?"]).lines.last ?? ""
    #expect(!plain.contains("RivertownFlood") && !plain.contains("stream"))
    // The first line is answered before it teaches.
    #expect(try run(["--learn"], ["Is the old mill still dry?"]).lines[0].contains(#""streamSize":0.0000"#))
  }

  @Test(arguments: 1...8) func threadsAndBatchesChangeNoAnswer(threads: Int) throws {
    let whole = try Self.whole.get()
    #expect(try run(["--learn", "--threads", "\(threads)"], Self.lines).lines == whole)
    // In portions of other sizes: each is one batch or a few.
    let program = try Program("assigner", Self.json + ["--learn", "--threads", "\(threads)"] + World.arguments())
    var sent = 0
    for size in [1, 2, 3, threads, 1, 7, 4 * threads, 32, 60] where sent < Self.lines.count {
      let portion = Self.lines[sent..<min(sent + size, Self.lines.count)]
      program.send(portion.map { $0 + "\n" }.joined())
      sent += portion.count
      #expect(try program.lines(sent) == Array(whole[..<sent]))
    }
    #expect(try program.finish().status == 0)
  }

  @Test func aBudgetLearnsLineByLine() throws {
    let result = try run(["--learn", "--budget", "1000000", "--threads", "3"], Self.lines)
    #expect(result.status == 0 && result.lines.count == Self.lines.count)
    let budget = try Self.whole.get()
    for (line, expected) in zip(result.lines, budget) {
      #expect(line.replacing(try Regex(#","budget":\{[^}]*\}"#), with: "") == expected)
    }
  }

  @Test func aRestartAtAnyLineAnswersAsIfThereHadBeenNone() throws {
    let whole = try Self.whole.get()
    for place in stride(from: 0, through: Self.lines.count, by: 4) {
      let journal = folder.file("journal-\(place)")
      let first = try run(["--journal", journal, "--threads", "2"], Array(Self.lines[..<place]))
      let second = try run(["--journal", journal, "--threads", "3"], Array(Self.lines[place...]))
      #expect(first.status == 0 && second.status == 0 && first.messages + second.messages == "")
      #expect(first.lines + second.lines == whole)
    }
  }

  @Test(arguments: 0..<12) func aKillAtAnyMomentLosesNothingThatWasAnswered(turn: Int) throws {
    let whole = try Self.whole.get()
    let journal = folder.file("journal")
    let program = try Program("assigner", Self.json + ["--journal", journal, "--threads", "2"] + World.arguments())
    program.send(Self.lines.map { $0 + "\n" }.joined())
    _ = try program.lines(1 + turn * 4)
    try program.idle(milliseconds: Int32(turn % 3))
    program.signal(SIGKILL)
    let killed = try program.finish()
    #expect(killed.status == -SIGKILL && killed.lines == Array(whole[..<killed.lines.count]))
    // All that was answered is there; of what was not answered something may be.
    let taught = try taughtLines(journal)
    #expect(taught >= killed.lines.count)
    let rest = try run(["--journal", journal, "--threads", "2"], Array(Self.lines[taught...]))
    #expect(rest.status == 0 && rest.messages == "")
    #expect(rest.lines == Array(whole[taught...]))
  }

  /// How many of the lines a journal has learned: the place of the first that would have taught one lesson more.
  private func taughtLines(_ journal: String) throws -> Int {
    let list = try Program.run("assigner", ["learned", journal, "--json"], input: "")
    let lessons = try JSONValue(parsing: list.output).integer("lessons")
    var count = 0
    return Self.lines.firstIndex { line in
      if line.isEmpty || line.contains("\"learn\": false") { return false }
      count += 1
      return count > lessons
    } ?? Self.lines.count
  }

  @Test func aTailThatWasTornIsDroppedWithAMessage() throws {
    let journal = folder.file("journal")
    #expect(try run(["--journal", journal], Self.lines).status == 0)
    let bytes = TemporaryFolder.read(journal)
    let torn = folder.write("torn", Array(bytes.dropLast(7)))
    let listed = try Program.run("assigner", ["learned", torn], input: "")
    #expect(
      listed.status == 0 && listed.messages.contains("no whole record") && TemporaryFolder.read(torn).count == bytes.count - 7)
    let result = try run(["--journal", torn], ["Is the old mill still dry?"])
    #expect(result.status == 0 && result.messages.contains("are dropped") && result.lines.count == 1)
    #expect(try run(["--journal", torn], []).messages == "")
  }

  @Test func journalsOfAnotherModelAndFilesThatAreNone() throws {
    let journal = folder.file("journal")
    #expect(try run(["--journal", journal], Self.lines).status == 0)
    let (model, index) = (folder.file("other.model"), folder.file("other.index"))
    try TinyModel(seed: 2).write(to: model)
    let corpus = folder.write("corpus.txt", World.corpus.joined(separator: "\n") + "\n")
    let built = try Program.run(
      "assigner", ["index", "build", "--corpus", corpus, "--output", index, "--model", model], input: "")
    #expect(built.status == 0)
    let bytes = TemporaryFolder.read(journal)
    let other = try Program.run("assigner", ["--journal", journal, "--model", model, "--index", index], input: "Flood\n")
    #expect(other.status == 78 && other.messages.contains("another model") && other.output == [])
    #expect(TemporaryFolder.read(journal) == bytes)
    let merged = try Program.run("assigner", ["index", "merge", journal, "--model", model, "--index", index], input: "")
    #expect(merged.status == 78 && merged.messages.contains("another model"))
    for foreign in [World.index, corpus] {
      let result = try run(["--journal", foreign], ["Flood"])
      #expect(result.status == 78 && result.output == [])
      #expect(try Program.run("assigner", ["learned", foreign], input: "").status == 78)
    }
    #expect(try Program.run("assigner", ["learned", folder.file("nowhere")], input: "").status == 66)
    #expect(try run(["--journal", folder.file("nowhere/journal")], ["Flood"]).status == 66)
    #expect(try run(["--journal", folder.path], ["Flood"]).status == 74)
  }

  @Test func aFullDiskStopsTheJournalNotTheAnswers() throws {
    let whole = try Self.whole.get()
    let full = try run(["--journal", "/dev/full"], Self.lines)
    #expect(full.status == 74 && full.lines == whole)
    #expect(full.messages.split(separator: "\n").count == 1 && full.messages.contains("no space left on device"))
    // A file that may not grow beyond 4 KiB, with and without room for a few records.
    for journal in ["limited", "limited"] {
      let limited = try Program.run(
        "/bin/sh",
        ["-c", "ulimit -f 8; exec \"$0\" \"$@\"", Program.locate("assigner"), "--journal", folder.file(journal)] + Self.json
          + World.arguments(), input: Self.lines.map { $0 + "\n" }.joined())
      #expect(limited.status == 74 && limited.lines.count == whole.count && limited.messages.contains("file too large"))
      let again = try run(["--journal", folder.file(journal)], [])
      #expect(again.status == 0 && again.messages == "")
    }
  }

  @Test func oneProgramLearnsWithAJournal() throws {
    let journal = folder.file("journal")
    let program = try Program("assigner", ["--journal", journal] + World.arguments())
    program.send("Flood\n")
    _ = try program.lines(1)
    let second = try run(["--journal", journal], ["Flood"])
    #expect(second.status == 74 && second.messages.contains("another program") && second.output == [])
    #expect(try program.finish().status == 0)
    #expect(try run(["--journal", journal], ["Flood"]).status == 0)
  }

  @Test func denyListsHoldForLearning() throws {
    let journal = folder.file("journal")
    let list = folder.write("deny", "rivertownflood\n")
    let result = try run(["--journal", journal, "--deny", list, "-k", "100"], Self.lines + ["Is the old mill still dry?"])
    #expect(result.status == 0 && !result.text.contains("ivertown"))
    #expect(!String(decoding: TemporaryFolder.read(journal), as: UTF8.self).contains("ivertown"))
    #expect(String(decoding: TemporaryFolder.read(journal), as: UTF8.self).contains("Street"))
  }

  @Test func aPersonHasTheLastWord() throws {
    let journal = folder.file("journal")
    let program = try Program("assigner", Self.json + ["--journal", journal, "-k", "100"] + World.arguments())
    program.send(Self.lines.map { $0 + "\n" }.joined() + "Only once is this said about boats #Single\n")
    _ = try program.lines(61)
    func decide(_ arguments: String...) throws {
      let result = try Program.run("assigner", ["learned"] + arguments + ["--journal", journal], input: "")
      #expect(result.status == 0 && result.messages == "" && result.output == [])
    }
    func asked(_ count: Int) throws -> String {
      program.send("Is the old mill still dry?\n")
      return try program.lines(count)[count - 1]
    }
    let before = try asked(62)
    #expect(before.contains("RivertownFlood") && before.contains("MillStreet") && !before.contains("Single"))
    try decide("approve", "#Single")
    try decide("deny", "RivertownFlood", "#flood")
    try decide("forget", "millstreet")
    let after = try asked(63)
    #expect(after.contains(#""tag":"Single""#) && !after.contains("RivertownFlood") && !after.contains("MillStreet"))
    #expect(!after.lowercased().contains(#""tag":"flood""#))
    // A program that begins with the journal as it is now goes on as this one does.
    let copy = folder.write("copy", TemporaryFolder.read(journal))
    #expect(try run(["--journal", copy, "-k", "100"], ["Is the old mill still dry?"]).lines == [asked(64)])
    #expect(try program.finish().status == 0)

    let table = try Program.run("assigner", ["learned", journal], input: "")
    #expect(table.status == 0 && table.text.contains("#Single\t1\t1\t-\t-\tapproved\trecord "))
    #expect(table.text.contains("#rivertownflood\t-\t-\t-\t-\tdenied"))
    let list = try JSONValue(parsing: try Program.run("assigner", ["learned", journal, "--json"], input: "").output)
    #expect(try list.strings("denied") == ["flood", "rivertownflood"])
    #expect(try Program.run("assigner", ["learned", "deny", "—", "--journal", journal], input: "").status == 64)
    #expect(try Program.run("assigner", ["learned", "deny", "x", "--journal", "/nowhere"], input: "").status == 66)
  }

  @Test func examplesAreIdsAndTexts() throws {
    for isKept in [false, true] {
      let journal = folder.file("journal-\(isKept)")
      #expect(try run(["--journal", journal] + (isKept ? ["--keep-text"] : []), Self.lines).status == 0)
      let holdsText = String(decoding: TemporaryFolder.read(journal), as: UTF8.self).contains("under water")
      #expect(holdsText == isKept)
      let list = try JSONValue(
        parsing: try Program.run("assigner", ["learned", journal, "--json", "--least", "3", "--examples", "100"], input: "")
          .output)
      let first = try list.array("hashtags")[0]
      #expect(try first.string("tag") == "RivertownFlood" && first.string("first") == "1970-01-01T00:02:00Z")
      let examples = try first.strings("examples")
      #expect(try examples.count == first.integer("tweets"))
      #expect(examples.contains { isKept ? $0.contains("under water") : $0 == "t-2" })
    }
  }

  @Test func aJournalIsMergedIntoAnIndex() throws {
    let journal = folder.file("journal")
    #expect(try run(["--journal", journal, "--keep-text"], Self.lines).status == 0)
    #expect(try Program.run("assigner", ["learned", "deny", "churchstreet", "--journal", journal], input: "").status == 0)
    let corpus = folder.write("corpus.txt", World.corpus.joined(separator: "\n") + "\n")
    for options in [[], ["--no-words"], ["--keep-text"]] {
      let (index, output) = (folder.file("index"), folder.file("merged"))
      #expect(
        try Program.run(
          "assigner", ["index", "build", "--corpus", corpus, "--output", index, "--model", World.model] + options, input: ""
        ).status == 0)
      let bytes = TemporaryFolder.read(index)
      let merged = try Program.run(
        "assigner", ["index", "merge", journal, "--index", index, "--output", output, "--model", World.model], input: "")
      #expect(merged.status == 0 && merged.messages.contains(" tweets added"))
      #expect(TemporaryFolder.read(index) == bytes)
      let statistics = try Program.run("assigner", ["index", "stats", "--index", output, "--top", "100"], input: "").text
      #expect(
        statistics.contains("#RivertownFlood\t") && !statistics.contains("ChurchStreet") && !statistics.contains("NotLearned"))
      let retriever = options.isEmpty ? ["--retriever", "bm25"] : []
      let answer = try Program.run(
        "assigner", ["-k", "100", "--format", "json", "--model", World.model, "--index", output] + retriever,
        input: "The bridge on Mill street is under water\n")
      #expect(answer.text.contains(#""tag":"RivertownFlood""#))
      #expect(
        try Program.run("assigner", ["index", "merge", journal, "--index", index, "--model", World.model], input: "").status == 0)
      #expect(TemporaryFolder.read(index) == TemporaryFolder.read(output))
    }
  }

  @Test func evalLearnsAsTheLineProtocolDoes() throws {
    var gold: [JSONValue] = []
    var lines: [String] = []
    for number in 0..<40 {
      let text =
        "The \(["bridge", "school", "market"][number % 3]) number \(number * 7) in Rivertown is closed for \(number) days"
      let tags = number.isMultiple(of: 2) ? ["RivertownFlood", "news"] : ["School\(number % 3)"]
      var row: [String: JSONValue] = ["text": .string(text), "hashtags": .array(tags.map { .string($0) })]
      lines.append(text)
      if number % 3 == 0 {
        row["learn"] = true
        lines.append(text + " #" + tags.joined(separator: " #"))
      } else if number % 3 == 1 {
        let typed = "#\(tags[0]): " + text
        (row["typed"], row["author"], row["time"]) = (.string(typed), "x", .integer(number))
        lines[lines.count - 1] = (["text": .string(text), "author": "x", "time": .integer(number)] as JSONValue).serialized()
        lines.append((["text": .string(typed), "author": "x", "time": .integer(number)] as JSONValue).serialized())
      }
      gold.append(.object(row))
    }
    let file = folder.write("gold.jsonl", gold.map { $0.serialized() + "\n" }.joined())
    let (predictions, features) = (folder.file("answers"), folder.file("features"))
    let result = try Program.run(
      "assigner",
      ["eval", "--learn", "--input", file, "--predictions", predictions, "--features", features, "--threads", "3", "-k", "100"]
        + World.arguments(), input: "")
    #expect(result.status == 0)
    let answers = try Program.run(
      "assigner", ["--learn", "--format", "json", "--threads", "2", "-k", "100"] + World.arguments(),
      input: lines.map { $0 + "\n" }.joined()
    ).lines
    // Of each row the first line asks.
    var asked: [String] = []
    var place = 0
    for row in gold {
      asked.append(answers[place])
      place += row["learn"] != nil || row["typed"] != nil ? 2 : 1
    }
    let said = String(decoding: TemporaryFolder.read(predictions), as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(said == asked)
    #expect(asked.last?.contains(#""stream""#) == true)
    let names = String(decoding: TemporaryFolder.read(features).prefix { $0 != 0x0A }, as: UTF8.self)
    #expect(names.contains("\"streamTogether\""))
  }

  @Test func memoryIsPlannedForWhatIsLearned() throws {
    func needed(_ options: [String]) throws -> String {
      let result = try Program.run("assigner", ["--max-memory", "1M"] + options + World.arguments(), input: "")
      #expect(result.status == 78)
      return result.messages
    }
    #expect(try !needed([]).contains("learned"))
    #expect(try needed(["--learn"]).contains("learned stream"))
    let few = try needed(["--learn", "--learn-rows", "100"])
    #expect(few.contains("--learn-rows"))
    let result = try Program.run(
      "assigner", ["--learn", "--learn-rows", "100", "--max-memory", "200M"] + World.arguments(), input: "Flood\n")
    #expect(result.status == 0)
  }

  @Test func optionsThatWouldDoNothing() throws {
    for options in [["--learn-rows", "5"], ["--half-life", "5"], ["--keep-text"], ["--learn", "--keep-text"]] {
      #expect(try Program.run("assigner", options + World.arguments(), input: "").status == 64)
    }
    for options in [["--learn-rows", "0"], ["--half-life", "0"], ["--half-life", "soon"]] {
      #expect(try Program.run("assigner", ["--learn"] + options + World.arguments(), input: "").status == 64)
    }
    #expect(try Program.run("assigner", ["--learn", "--half-life", "6h"] + World.arguments(), input: "Flood\n").status == 0)
  }
}
