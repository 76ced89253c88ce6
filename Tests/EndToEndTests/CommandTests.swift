// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The command line: usage errors, options that change answers, and the index commands.
@Suite struct CommandTests {
  private let folder = TemporaryFolder()

  private func answer(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Result {
    let input = (0..<20).map { "Flood \($0) reached the bridge in Kerala, fire near Oslo\n" }.joined()
    return try Program.run(
      "assigner", arguments + World.arguments(), input: Array(input.utf8), environment: environment)
  }

  @Test(arguments: [
    ["--nonsense"], ["-k", "0"], ["-k", "101"], ["--threshold", "2"], ["--neighbours", "-1"], ["--steps", "0"],
    ["--format", "xml"], ["--threads", "0"], ["--sampler", "magic"], ["--retriever", "magic"],
    ["--generator", "magic"], ["--beams", "21"], ["--length-penalty", "99"], ["--no-generator", "--generator", "ar"],
    ["--no-generator", "--rank", "generated"], ["index"], ["index", "remove"], ["eval"],
    ["index", "build"], ["nonsense"],
  ]) func usageErrors(arguments: [String]) throws {
    // "index" alone prints its help.
    let result = try Program.run("assigner", arguments, input: "")
    #expect(result.status == (arguments == ["index"] ? 0 : 64))
    if result.status != 0 { #expect(result.output == [] && result.messages != "") }
  }

  @Test func helpAndVersion() throws {
    for arguments in [["--help"], ["index", "--help"], ["index", "build", "--help"], ["eval", "--help"], ["run", "--help"]] {
      let result = try Program.run("assigner", arguments, input: "")
      #expect(result.status == 0 && result.text.contains("USAGE") && result.messages == "")
    }
    #expect(try Program.run("assigner", ["--version"], input: "").lines.count == 1)
  }

  @Test func sameBytesWhateverRunsThem() throws {
    let expected = try answer("--format", "json", "--threads", "1").output
    #expect(!expected.isEmpty)
    #expect(try answer("--format", "json", "--threads", "1").output == expected)
    #expect(try answer("--format", "json", "--threads", "5").output == expected)
    #expect(try answer("--format", "json", environment: ["ASSIGNER_ISA": "scalar"]).output == expected)
    #expect(try answer(environment: ["ASSIGNER_ISA": "abacus"]).status == 64)
  }

  @Test func optionsChangeAnswers() throws {
    let plain = try answer().lines
    #expect(try answer("-k", "2").lines == plain.map { $0.split(separator: " ").prefix(2).joined(separator: " ") })
    #expect(try answer("--threshold", "1").lines.allSatisfy { $0 == "" })
    #expect(try answer("--format", "json", "-k", "100", "--no-generator").text.contains("generated\"") == false)
    #expect(try answer("--format", "json", "-k", "100").text.contains("\"generated\""))
    let seeds = [try answer("--format", "json", "-k", "100", "--seed", "7"), try answer("--format", "json", "-k", "100")]
    #expect(seeds[0].output != seeds[1].output)
    let greedy = try answer("--format", "json", "-k", "100", "--generator", "ar", "--beams", "1", "--threads", "1")
    let beams = ["--format", "json", "-k", "100", "--generator", "ar", "--beams", "4", "--candidates", "4"]
    #expect(greedy.status == 0 && greedy.text.contains("\"generated\""))
    #expect(
      try answer("--format", "json", "-k", "100", "--generator", "ar", "--beams", "1", "--threads", "3").output == greedy.output)
    #expect(try Program.run("assigner", beams + World.arguments(), input: "Flood\n").text.contains("\"generated\""))
    #expect(try answer("--generator", "none").output == answer("--no-generator").output)
    #expect(try answer("--sampler", "ancestral", "--steps", "10").status == 0)
    #expect(try answer("--candidates", "3", "--neighbours", "3", "--hints", "0").status == 0)
    for part in ["selector", "early-stop", "self-conditioning", "final-pass"] { #expect(try answer("--no-" + part).status == 0) }
    let unretrieved = try answer("--neighbours", "0", "--no-generator", "--format", "json")
    #expect(unretrieved.status == 0 && !unretrieved.text.contains("retrieved"))
  }

  @Test func denyAndAllow() throws {
    let first = try answer("-k", "1").lines.first ?? ""
    let deny = folder.write("deny", "\(first.lowercased())\n\n")
    #expect(try answer("-k", "100", "--deny", deny).lines.allSatisfy { !$0.split(separator: " ").contains { $0 == first } })
    let allow = folder.write("allow", "kerala\r\n#FLOOD\r\n")
    let allowed = Set(try answer("--allow", allow).lines.flatMap { $0.split(separator: " ").map(String.init) })
    #expect(allowed == ["#Kerala", "#Flood"])
    #expect(try answer("--allow", allow, "--deny", allow).lines.allSatisfy { $0 == "" })
  }

  private func index(_ command: String, _ arguments: String..., input: String = "", model: Bool = true) throws -> Program.Result {
    try Program.run(
      "assigner", ["index", command] + arguments + (model ? ["--model", World.model] : []), input: input)
  }

  @Test func anIndexGrowsAndShrinks() throws {
    let path = folder.write("grows.index", TemporaryFolder.read(World.index))
    let added = try index(
      "add", "--index", path,
      input: """
        {"text": "Sandbags wanted at the harbour", "hashtags": ["#HarbourHelp"], "id": "h1"}
        no hashtag here
        {"broken
        Sandbags at the market #MarketHelp #Kerala

        """)
    #expect(added.status == 0)
    #expect(added.messages.contains("2 tweets added") && added.messages.contains("1 unreadable"))
    #expect(added.messages.contains("line 3"))
    func stats() throws -> String { try index("stats", "--index", path, "--json", "--top", "100", model: false).text }
    #expect(try stats().contains("\"HarbourHelp\"") && stats().contains("\"tweets\": 26"))
    let found = try Program.run(
      "assigner", ["--model", World.model, "--index", path, "-k", "100"], input: "Sandbags wanted at the harbour\n")
    #expect(found.text.contains("#HarbourHelp"))

    let removed = try index("remove", "--index", path, "--id", "h1", "--hashtag", "#markethelp", "--id", "none", model: false)
    #expect(removed.status == 0 && removed.messages.contains("there is no tweet none"))
    #expect(try !stats().contains("HarbourHelp") && !stats().contains("MarketHelp"))
    #expect(try stats().contains("\"tweets\": 25"))
    #expect(try Program.run("assigner", ["verify", path], input: "").status == 0)
    #expect(try index("stats", "--index", path, model: false).text.contains("#Kerala"))
  }

  @Test func anIndexIsSearchedByWords() throws {
    let corpus = folder.write("words.txt", World.corpus.joined(separator: "\n") + "\n")
    let path = folder.file("words.index")
    #expect(try index("build", "--corpus", corpus, "--output", path).status == 0)
    #expect(try index("add", "--index", path, input: "Sandbags wanted at Quito harbour #HarbourHelp\n").status == 0)
    func first(_ retriever: String, model: String = World.model) throws -> Program.Result {
      try Program.run(
        "assigner",
        ["--model", model, "--index", path, "--retriever", retriever, "--rank", "right", "--generator", "none", "-k", "1"],
        input: "Quito harbour needs sandbags\n")
    }
    #expect(try first("bm25").text == "#HarbourHelp\n")
    #expect(try first("hybrid").status == 0)
    #expect(try index("stats", "--index", path, model: false).text.contains("bytes of postings"))
    // A model with only a generator works, too.
    try TinyModel(hasEncoders: false).write(to: folder.file("alone.model"))
    #expect(try first("bm25", model: folder.file("alone.model")).text == "#HarbourHelp\n")
    let dense = try first("dense", model: folder.file("alone.model"))
    #expect(dense.status == 78 && dense.messages.contains("assigner-convert --retriever"))
    #expect(try index("remove", "--index", path, "--hashtag", "harbourhelp", model: false).status == 0)
    #expect(try first("bm25").text == "\n")
    // An index without words gives a message that says what to do.
    #expect(try index("build", "--no-words", "--corpus", corpus, "--output", path).status == 0)
    let refused = try first("bm25")
    #expect(refused.status == 78 && refused.messages.contains("\"assigner index build --corpus") && refused.output == [])
    #expect(try index("build", "--no-words", "--bm25", "--corpus", corpus, "--output", path).status == 64)
  }

  /// RIGHT without dense retrieval: BM25 and a BART, from the checkpoint to hashtags.
  @Test func rightAlone() throws {
    let fixtures = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/GoldenFixtures/"
    for (kind, names) in [
      ("BART/sorted/", ["config.json", "generation_config.json", "model.safetensors"]), ("RIGHT/", ["vocab.json", "merges.txt"]),
    ] {
      for name in names { _ = folder.write(name, TemporaryFolder.read(fixtures + kind + name)) }
    }
    let model = folder.file("right.model")
    let converted = try Program.run(
      "assigner-convert",
      ["--generator", folder.path, "--source-separator", " ; ", "--target-separator", "o", "--output", model], input: "")
    #expect(converted.status == 0, "\(converted.messages)")
    let corpus = folder.write("right.txt", World.corpus.joined(separator: "\n") + "\n")
    let path = folder.file("right.index")
    #expect(try index("build", "--bm25", "--corpus", corpus, "--output", path).status == 0)
    func run(_ arguments: String...) throws -> Program.Result {
      try Program.run(
        "assigner", ["--model", model, "--index", path, "--retriever", "bm25"] + arguments,
        input: "storm over nepal\nflood near oslo\n")
    }
    let written = try run("--rank", "generated", "--beams", "4")
    #expect(written.status == 0 && written.lines.count == 2 && written.lines.allSatisfy { $0.hasPrefix("#") })
    #expect(try run("--format", "json", "-k", "100").text.contains("\"generated\""))
    let refused = try run("--generator", "diffusion")
    #expect(refused.status == 78 && refused.messages.contains("does not support --generator diffusion"))
    let half = try Program.run(
      "assigner-convert", ["--generator", folder.path, "--source-separator", "x", "-o", model], input: "")
    #expect(half.status == 64)
  }

  /// Microblog Hashtag Generation's network alone, from the checkpoint to hashtags; it reads the conversation.
  @Test func biAttentionAlone() throws {
    let checkpoint = ProjectFolder.file("Tests/GoldenFixtures/BiAttention/bi-attention")
    let model = folder.file("words.model")
    let converted = try Program.run("assigner-convert", ["--generator", checkpoint, "--check", "--output", model], input: "")
    #expect(converted.status == 0, "\(converted.messages)")
    let corpus = folder.write("words.txt", World.corpus.joined(separator: "\n") + "\n")
    let path = folder.file("words.index")
    #expect(try index("build", "--bm25", "--corpus", corpus, "--output", path).status == 0)
    func run(_ arguments: String...) throws -> Program.Result {
      let lines = ["rivertown", "oldmill"].map { #"{"text":"help now flood","conversation":["we are in \#($0)"]}"# + "\n" }
      return try Program.run(
        "assigner", ["--model", model, "--index", path, "--retriever", "bm25"] + arguments, input: lines.joined())
    }
    let written = try run("--generator", "bi-attention", "--rank", "generated", "-k", "20")
    #expect(written.status == 0 && written.lines.count == 2 && written.lines[0] != written.lines[1])
    #expect(written.lines.allSatisfy { $0.hasPrefix("#") && $0.split(separator: " ").count > 9 })
    #expect(try run("--generator", "auto", "--rank", "generated", "-k", "20").output == written.output)
    #expect(try run("--format", "json", "-k", "100").text.contains("\"generated\""))
    #expect(try run("--rank", "generated", "--beams", "2").lines.allSatisfy { $0.split(separator: " ").count <= 2 })
    #expect(try run("--generator", "ar").status == 78)
    #expect(try Program.run("assigner", ["verify", model]).status == 0)
  }

  @Test func strictChangesNothing() throws {
    let old = TemporaryFolder.read(World.index)
    let path = folder.write("strict.index", old)
    let result = try index("add", "--strict", "--index", path, input: "One #two\n{\n")
    #expect(result.status == 65)
    let isUnchanged = TemporaryFolder.read(path) == old
    #expect(isUnchanged)
  }

  @Test func aKilledAddLeavesTheOldIndexWhole() throws {
    let old = TemporaryFolder.read(World.index)
    let path = folder.write("killed.index", old)
    let rows = (0..<4000).map { "Storm \($0) over the bridge in Oslo #Storm\($0)\n" }.joined()
    let input = folder.write("rows", rows)
    let whole = folder.write("whole.index", old)
    #expect(try index("add", "--index", whole, "--input", input).status == 0)
    let new = TemporaryFolder.read(whole)
    var interrupted = 0
    for delay: Int32 in [1, 5, 20, 80, 200] {
      _ = folder.write("killed.index", old)
      let program = try Program("assigner", ["index", "add", "--index", path, "--input", input, "--model", World.model])
      try program.idle(milliseconds: delay)
      program.signal(SIGKILL)
      _ = try program.wait()
      // The file is whole: the old one, or the new one if the machine was faster than the signal.
      let left = TemporaryFolder.read(path)
      let (isOld, isNew) = (left == old, left == new)
      #expect(isOld || isNew, "killed after \(delay) ms")
      if isOld { interrupted += 1 }
      // The next writer removes leftover files.
      #expect(try index("remove", "--index", path, "--hashtag", "Oslo", model: false).status == 0)
      #expect(folder.names == ["killed.index", "rows", "whole.index"])
    }
    #expect(interrupted > 0)
  }

  @Test func buildsAreTheSameForAnyThreadCount() throws {
    let corpus = folder.write("corpus", World.corpus.joined(separator: "\n"))
    for threads in ["1", "4"] {
      let result = try index("build", "--corpus", corpus, "--output", folder.file("i" + threads), "--threads", threads)
      #expect(result.status == 0 && result.output == [])
    }
    #expect(TemporaryFolder.read(folder.file("i1")) == TemporaryFolder.read(folder.file("i4")))
    #expect(try index("build", "--corpus", "/nowhere/c", "--output", folder.file("x")).status == 66)
    let empty = folder.write("empty", "no hashtag\n")
    #expect(try index("build", "--corpus", empty, "--output", folder.file("x")).status == 65)
  }
}
