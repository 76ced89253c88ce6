// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// No command overwrites one of its inputs, or a file of another kind.
@Suite struct OverwritingTests {
  private let folder = TemporaryFolder()

  /// Runs a command that must refuse to write. Every file must stay the same, and no new file may appear.
  private func expectRefusal(
    _ status: Int32, _ words: String, by program: String = "assigner", _ arguments: [String], input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    func contents() -> [String: [UInt8]] {
      Dictionary(uniqueKeysWithValues: folder.names.map { ($0, TemporaryFolder.read(folder.file($0))) })
    }
    let before = contents()
    let result = try Program.run(program, arguments, input: input)
    #expect(result.status == status, "\(result.messages)", sourceLocation: sourceLocation)
    #expect(result.messages.contains(words), "\(result.messages)", sourceLocation: sourceLocation)
    let isUnchanged = contents() == before
    #expect(isUnchanged, sourceLocation: sourceLocation)
  }

  private func corpus() -> String { folder.write("corpus.txt", World.corpus.joined(separator: "\n") + "\n") }
  private func gold() -> String { folder.write("gold.jsonl", #"{"text": "Flood in Oslo", "hashtags": ["Flood"]}"# + "\n") }
  private func copy(_ path: String, _ name: String) -> String { folder.write(name, TemporaryFolder.read(path)) }
  private func build(_ corpus: String, _ output: String, model: String = World.model) -> [String] {
    ["index", "build", "--corpus", corpus, "--output", output, "--model", model]
  }
  private func eval(_ options: String...) -> [String] { ["eval"] + options + World.arguments() }

  @Test func anIndexOverItsCorpus() throws {
    let rows = corpus()
    symlink("corpus.txt", folder.file("link"))
    link(rows, folder.file("hard"))
    for name in ["corpus.txt", "link", "hard", "../" + String(folder.path.split(separator: "/").last ?? "") + "/corpus.txt"] {
      try expectRefusal(64, "the --corpus", build(rows, folder.file(name)))
      try expectRefusal(64, "the --corpus", build(folder.file(name), rows))
    }
    let words = ["-c", #""$0" index build --corpus - --output "$1" --model "$2" < "$1""#]
    try expectRefusal(64, "the --corpus", by: "/bin/sh", words + [Program.locate("assigner"), rows, World.model])
    try expectRefusal(
      64, "the --input", ["index", "add", "--input", copy(World.index, "i"), "--index", folder.file("i"), "--model", World.model])
  }

  @Test func anIndexOverAModel() throws {
    let model = copy(World.model, "my.model")
    try expectRefusal(64, "the model", build(corpus(), model, model: model))
    try expectRefusal(74, "not an assigner index", build(corpus(), model))
    try expectRefusal(
      74, "not an assigner index", ["index", "add", "--index", model, "--model", World.model], input: "Flood #One\n")
    try expectRefusal(74, "not an assigner index", ["index", "remove", "--index", model, "--id", "1"])
    for text in ["a text\n", "\u{1F}\u{8B}", "{\"features\":[1]}\n", "ASSIGNER"] {
      try expectRefusal(74, "remove it first", build(corpus(), folder.write("text", text)))
    }
  }

  @Test func anIndexTakesTheNameOfAnIndexOrOfNothing() throws {
    let first = folder.file("new.index")
    for output in [first, first, folder.write("empty.index", "")] {
      let result = try Program.run("assigner", build(corpus(), output), input: "")
      #expect(result.status == 0, "\(result.messages)")
      #expect(try Program.run("assigner", ["verify", output], input: "").status == 0)
    }
    #expect(folder.names == ["corpus.txt", "empty.index", "new.index"])
  }

  @Test func answersOverWhatEvalReads() throws {
    let (rows, index, model) = (gold(), copy(World.index, "i"), copy(World.model, "m"))
    let deny = folder.write("deny.txt", "Oslo\n")
    for option in ["--predictions", "--features"] {
      func run(_ output: String) -> [String] {
        ["eval", "--input", rows, "--model", model, "--index", index, "--deny", deny, option, output]
      }
      try expectRefusal(64, "the --input", run(rows))
      try expectRefusal(64, "the model", run(model))
      try expectRefusal(64, "the index", run(index))
      try expectRefusal(64, "the --deny", run(deny))
      try expectRefusal(74, "remove it first", run(copy(World.index, "other.index")))
      try expectRefusal(74, "remove it first", run(folder.write("text", "a text\n")))
      try expectRefusal(
        74, "remove it first", run(folder.write("rows", #"{"hashtags":["Flood"],"text":"Flood in Oslo"}"# + "\n")))
      try expectRefusal(74, "there is no folder", run(folder.file("no/folder")))
    }
    try expectRefusal(
      64, "the --predictions", eval("--input", rows, "--predictions", folder.file("o"), "--features", folder.file("./o")))
    let words = ["-c", #""$0" eval --input "$1" --model "$2" --index "$3" --predictions "$4" > "$4""#]
    _ = folder.write("out", "")
    try expectRefusal(
      64, "standard output", by: "/bin/sh",
      words + [Program.locate("assigner"), rows, World.model, World.index, folder.file("out")])
  }

  @Test func answersOverOlderAnswers() throws {
    let options = ["--predictions", folder.file("p"), "--features", folder.file("f")]
    var written: [[UInt8]] = []
    for _ in 0..<2 {
      let result = try Program.run("assigner", eval("--input", gold()) + options, input: "")
      #expect(result.status == 0, "\(result.messages)")
      written += [TemporaryFolder.read(folder.file("p")), TemporaryFolder.read(folder.file("f"))]
    }
    #expect(written[0] == written[2] && written[1] == written[3] && !written[0].isEmpty)
    #expect(folder.names == ["f", "gold.jsonl", "p"])
    // No or few hashtags are recommended.
    for old in [#"{"hashtags":[]}"#, #"{"hashtags":[],"budget":{"ms":1.0,"took_ms":0.0,"candidates":0}}"#] {
      _ = folder.write("p", old + "\n")
      #expect(try Program.run("assigner", eval("--input", gold()) + options, input: "").status == 0)
      #expect(TemporaryFolder.read(folder.file("p")) == written[0])
    }
    // The two outputs exchanged are files of another kind.
    try expectRefusal(74, "not a file of answers", eval("--input", gold(), "--predictions", folder.file("f")))
    try expectRefusal(74, "not a file of features", eval("--input", gold(), "--features", folder.file("p")))
  }

  @Test func answersToAPipe() throws {
    let options = ["--predictions", "/dev/stdout", "--limit", "1"]
    let result = try Program.run("assigner", eval("--input", gold()) + options, input: "")
    #expect(result.status == 0 && result.text.hasPrefix(#"{"hashtags":["#) && result.text.contains("MAP@5"))
    let full = try Program.run("assigner", eval("--input", gold(), "--predictions", "/dev/full"), input: "")
    #expect(full.status == 74 && full.messages.contains("/dev/full"))
  }

  @Test func aModelOverWhatItIsMadeOf() throws {
    let model = copy(World.model, "m")
    let ranking = folder.write("ranking.json", #"{"features":[],"base":0,"trees":[]}"#)
    func update(_ output: String) -> [String] { ["--from", model, "--ranking", ranking, "--output", output] }
    try expectRefusal(64, "the --ranking", by: "assigner-convert", update(ranking))
    try expectRefusal(74, "not an assigner model", by: "assigner-convert", update(copy(World.index, "i")))
    try expectRefusal(74, "not an assigner model", by: "assigner-convert", update(folder.write("text", "a text\n")))
    let fixtures = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/GoldenFixtures/BART/sorted/"
    let weights = ["config.json", "generation_config.json", "model.safetensors"].map { copy(fixtures + $0, $0) }
    for file in weights {
      try expectRefusal(74, "remove it first", by: "assigner-convert", ["--generator", folder.path, "--output", file])
    }
    try expectRefusal(64, "the --generator", by: "assigner-convert", ["--generator", weights[2], "--output", weights[2]])
  }

  @Test func aModelIsUpdatedInItsPlace() throws {
    let model = copy(World.model, "m")
    let result = try Program.run("assigner-convert", ["--from", model, "--output", model], input: "")
    #expect(result.status == 0, "\(result.messages)")
    #expect(try Program.run("assigner", ["verify", model], input: "").status == 0)
    func answers(_ model: String) throws -> Program.Result {
      try Program.run("assigner", ["--model", model, "--index", World.index, "--format", "json"], input: "Flood in Oslo\n")
    }
    #expect(try answers(model).output == answers(World.model).output && answers(model).status == 0)
    #expect(folder.names == ["m"])
  }

  /// `--check` makes two temporary models. They leave no files behind and overwrite none.
  @Test func aCheckLeavesNothing() throws {
    let fixtures = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/GoldenFixtures/BART/sorted/"
    for name in ["config.json", "generation_config.json", "model.safetensors"] { _ = copy(fixtures + name, name) }
    let kept = copy(World.model, "m.check")
    let before = folder.names
    let result = try Program.run(
      "assigner-convert", ["--generator", folder.path, "--check", "--output", folder.file("m")], input: "")
    #expect([0, 78].contains(result.status) && result.text.contains("lowest cosine"), "\(result.messages)")
    #expect(folder.names.filter { $0 != "m" } == before)
    #expect(TemporaryFolder.read(kept) == TemporaryFolder.read(World.model))
  }

  @Test(arguments: ["/dev/null", "/dev/full", "/dev/stdout", "/dev/assigner-test"]) func nothingIsMadeAmongDevices(path: String)
    throws
  {
    func names() throws -> Set<String> {
      Set(try Program.run("/bin/ls", ["-A", "/dev"], input: "").lines.filter { $0.contains("assigner") || $0.hasPrefix(".") })
    }
    let before = try names()
    try expectRefusal(74, path, build(corpus(), path))
    try expectRefusal(74, path, by: "assigner-convert", ["--from", World.model, "--output", path])
    #expect(try names() == before)
  }

  @Test func aFolderThatIsNotThere() throws {
    try expectRefusal(74, "there is no folder \(folder.file("no"))", build(corpus(), folder.file("no/x.index")))
    try expectRefusal(66, "no/x.index", ["index", "add", "--index", folder.file("no/x.index"), "--model", World.model])
    try expectRefusal(66, "x.index", ["index", "remove", "--index", folder.file("x.index"), "--id", "1"])
    try expectRefusal(74, "there is no folder", by: "assigner-convert", ["--from", World.model, "--output", folder.file("no/m")])
  }
}
