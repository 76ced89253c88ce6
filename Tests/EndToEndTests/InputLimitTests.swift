// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Endless inputs, and inputs that decompress to more than the memory, within a limit of address space.
@Suite struct InputLimitTests {
  private let folder = TemporaryFolder()

  /// Runs a program with the output of a shell command as standard input.
  private func run(_ source: String, mebibytes: Int, _ arguments: [String]) throws -> Program.Result {
    let command = "ulimit -v \(mebibytes << 10); \(source) | \"$0\" \"$@\""
    return try Program.run("/bin/sh", ["-c", command, Program.locate("assigner")] + arguments)
  }

  /// A row with a long text.
  private func longRow() -> String {
    folder.write("row", "{\"text\":\"" + String(repeating: "water ", count: 100_000) + "\",\"hashtags\":[\"Flood\"]}\n")
  }

  @Test func rowsThatAreHeldHaveALimit() throws {
    let index = folder.write("index", TemporaryFolder.read(World.index))
    let source = "while cat \(longRow()); do :; done"
    let added = try run(source, mebibytes: 1500, ["index", "add", "--model", World.model, "--index", index])
    #expect(added.status == 65)
    #expect(
      added.messages.contains(
        "standard input: has more than 256 MiB (unpacked), the limit for this input; add them in parts"))
    #expect(TemporaryFolder.read(index) == TemporaryFolder.read(World.index))
    let measured = try run(source, mebibytes: 1500, ["eval", "--input", "-"] + World.arguments())
    #expect(measured.status == 65 && measured.messages.contains("256 MiB") && measured.messages.contains("--limit"))
  }

  /// The program stops reading an endless source when it has enough.
  @Test func aLimitOfRowsEndsTheReading() throws {
    let row = "yes '{\"text\":\"Flood in Kerala\",\"hashtags\":[\"Kerala\"]}'"
    let result = try run(row, mebibytes: 1500, ["eval", "--limit", "3", "--input", "-", "--json"] + World.arguments())
    #expect(result.status == 0 && result.text.contains("\"tweets\": 3"))
  }

  /// One line of 600 MB, compressed and not, in 500 MiB of address space.
  @Test func whatIsStreamedIsNotHeld() throws {
    let zeros = "head -c 600000000 /dev/zero"
    let packed = folder.file("zeros.gz")
    let made = try Program.run("/bin/sh", ["-c", "\(zeros) | gzip -1 > \(packed)"])
    #expect(made.status == 0)
    for source in [zeros, "cat \(packed)"] {
      let built = try run(
        source, mebibytes: 500,
        ["index", "build", "--threads", "1", "--model", World.model, "--corpus", "-", "--output", folder.file("new")])
      #expect(built.status == 65 && built.messages.contains("line 1: the line is longer than 1048576 bytes"))
      let measured = try run(source, mebibytes: 500, ["eval", "--threads", "1", "--input", "-"] + World.arguments())
      #expect(measured.status == 65 && measured.messages.contains("line 1: the line is longer"))
    }
  }

  @Test func aListHasALimit() throws {
    let list = folder.write("list", String(repeating: "#some_hashtag\n", count: 1_300_000))
    for option in ["--deny", "--allow"] {
      let result = try Program.run("assigner", World.arguments() + [option, list], input: "Flood\n")
      #expect(result.status == 65 && result.output == [])
      #expect(result.messages.contains("\(list): has more than 16 MiB"))
    }
  }
}
