// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Output that cannot be written, in every command of both programs.
@Suite struct OutputTests {
  private let folder = TemporaryFolder()

  /// Every command that prints, with its program.
  private func commands() -> [[String]] {
    let gold = folder.write("gold.jsonl", #"{"text": "Flood in Kerala", "hashtags": ["Flood"]}"# + "\n")
    let fixtures = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/GoldenFixtures/BART/sorted/"
    for name in ["config.json", "generation_config.json", "model.safetensors"] {
      folder.write(name, TemporaryFolder.read(fixtures + name))
    }
    for name in ["vocab.json", "merges.txt"] {
      folder.write(name, TemporaryFolder.read(fixtures + "../../RIGHT/" + name))
    }
    let (model, index) = (["--model", World.model], ["--index", World.index])
    let files = model + index
    let convert = [
      "assigner-convert", "--generator", folder.path, "--source-separator", " ; ", "--target-separator", "o", "--output",
      folder.file("made.model"),
    ]
    return [
      ["assigner", "--version"], ["assigner", "--help"], ["assigner", "help"], ["assigner", "help", "run"],
      ["assigner", "index"],
      ["assigner", "index", "add", "--help"], ["assigner", "--generate-completion-script", "bash"],
      ["assigner", "--experimental-dump-help"], ["assigner"] + files, ["assigner", "run", "--format", "json"] + files,
      ["assigner", "verify", World.model, World.index], ["assigner", "inspect", World.model],
      ["assigner", "inspect", World.index, "--json"], ["assigner", "index", "stats"] + index,
      ["assigner", "index", "stats", "--json"] + index, ["assigner", "eval", "--input", gold] + files,
      ["assigner", "eval", "--input", gold, "--json", "--reliability"] + files,
      ["assigner", "bench", "--only", "search", "--repetitions", "1", "--warm-up", "0"] + files,
      ["assigner", "bench", "--only", "search", "--repetitions", "1", "--warm-up", "0", "--format", "json"] + files,
      ["assigner-convert", "--help"], ["assigner-convert", "--generate-completion-script", "zsh"], convert,
      convert + ["--report", "json"],
    ]
  }

  /// Runs a command with redirections of a shell.
  private func run(_ command: [String], _ redirection: String, input: String = "Flood in Kerala\n") throws -> Program.Result {
    let words = [try Program.locate(command[0])] + command.dropFirst()
    return try Program.run("/bin/sh", ["-c", "exec \"$@\" \(redirection)", "sh"] + words, input: input)
  }

  @Test(arguments: [
    ("> /dev/full", "no space left on device"), (">&-", "bad file descriptor: it was closed before the program started"),
  ])
  func outputThatDoesNotArrive(redirection: String, reason: String) throws {
    for command in commands() {
      let result = try run(command, redirection)
      #expect(result.status == 74, "\(command)")
      #expect(result.messages.contains("\(command[0]): error: standard output: write failed: \(reason)"), "\(result.messages)")
    }
  }

  @Test func aReaderThatLeavesIsNoError() throws {
    for command in commands() {
      let program = try Program(command[0], Array(command.dropFirst()))
      program.closeOutput()
      program.send("Flood in Kerala\n")
      let result = try program.finish()
      #expect(result.status == 0 && !result.messages.contains("error"), "\(command): \(result.messages)")
    }
  }

  /// No opened file gets the descriptor of a standard stream that was closed at the start.
  @Test func closedStreamsAreNoFiles() throws {
    let gold = folder.write("gold.jsonl", #"{"text": "Flood in Kerala", "hashtags": ["Flood"]}"# + "\n")
    let answers = folder.file("answers.jsonl")
    let eval = ["assigner", "eval", "--input", gold, "--predictions", answers] + World.arguments()
    for redirection in [">&-", "<&- >&-", "<&- >&- 2>&-"] {
      #expect(try run(eval, redirection).status == 74)
      let lines = String(decoding: TemporaryFolder.read(answers), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 1 && lines[0].hasPrefix(#"{"hashtags""#), "\(lines)")
    }
    // A command with nothing to print does not miss its output.
    let rows = folder.write("rows", "Flood #Flood\n")
    let build = ["assigner", "index", "build", "--model", World.model, "--corpus", rows, "--output", folder.file("a.index")]
    #expect(try run(build, "<&- >&- 2>&-").status == 0)
    #expect(try run(["assigner", "verify", folder.file("a.index")], "").status == 0)
    let silent = try run(["assigner"] + World.arguments(), "<&-")
    #expect(silent.status == 74 && silent.messages.contains("standard input: read failed: bad file descriptor"))
  }

  /// SIGXFSZ would end the program without a message.
  @Test func aLimitOfFileSizes() throws {
    let rows = folder.write("rows", World.corpus.joined(separator: "\n"))
    func limited(_ arguments: [String], _ redirection: String) throws -> Program.Result {
      let words = [try Program.locate("assigner")] + arguments
      return try Program.run(
        "/bin/sh", ["-c", "ulimit -f 1; exec \"$@\" \(redirection)", "sh"] + words,
        input: String(repeating: "Flood in Kerala\n", count: 200))
    }
    let answers = try limited(["--format", "json"] + World.arguments(), "> \(folder.file("answers"))")
    #expect(answers.status == 74 && answers.messages.contains("standard output: write failed: file too large"))
    let output = folder.makeFolder("made") + "/a.index"
    let index = try limited(["index", "build", "--model", World.model, "--corpus", rows, "--output", output], "")
    #expect(index.status == 74 && index.messages.contains("file too large"))
    let left = try Program.run("/bin/ls", ["-A", folder.file("made")], input: "").lines
    #expect(left.filter { $0.hasSuffix(".part") || $0 == "a.index" } == [])
  }

  /// Exit code 66 is only for files that do not exist.
  @Test(arguments: [("/nowhere/rows", 66), ("/", 74), ("/proc/self/mem", 74), ("loop", 74)])
  func aCorpusThatCannotBeRead(corpus: String, status: Int32) throws {
    let path = corpus == "loop" ? folder.file("loop") : corpus
    if corpus == "loop" { #expect(try Program.run("/bin/ln", ["-s", "loop", path], input: "").status == 0) }
    for arguments in [
      ["index", "build", "--corpus", path, "--output", folder.file("x")],
      ["index", "add", "--index", World.index, "--input", path],
      ["eval", "--index", World.index, "--input", path], ["--index", World.index, "--deny", path],
    ] {
      let result = try Program.run("assigner", arguments + ["--model", World.model], input: "")
      #expect(result.status == status && result.messages.contains(path + ": "), "\(arguments): \(result.messages)")
    }
  }
}
