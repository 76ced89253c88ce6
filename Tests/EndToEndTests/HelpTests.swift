// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The help and the messages for a person who uses the program by hand.
@Suite struct HelpTests {
  private static let research = [
    "--retriever", "--neighbours", "--no-selector", "--hints", "--generator ", "--rank", "--beams", "--length-penalty",
    "--sampler", "--steps", "--temperature", "--seed", "--no-clamp", "--no-early-stop", "--no-self-conditioning",
    "--no-final-pass", "--candidates", "--choose", "--variance",
  ]

  private func help(_ arguments: String...) throws -> String {
    let result = try Program.run("assigner", arguments, input: "")
    #expect(result.status == 0 && result.messages == "")
    return result.text
  }

  @Test func dailyOptionsStandInGroups() throws {
    let text = try help("help", "run")
    let groups = ["HASHTAGS:", "LINES:", "FILES:", "SPEED AND MEMORY:"].map { text.firstRange(of: $0)?.lowerBound }
    #expect(groups.allSatisfy { $0 != nil })
    #expect(groups.compactMap(\.self) == groups.compactMap(\.self).sorted())
    for option in [
      "-k", "--threshold", "--deny", "--allow", "--format", "--explain", "--strict", "--model", "--index", "--verbose",
      "--no-generator", "--budget", "--threads", "--max-memory",
    ] { #expect(text.contains("  \(option)"), "\(option)") }
    for option in Self.research { #expect(!text.contains("\n  \(option)") && !text.contains("/\(option)"), "\(option)") }
    #expect(text.contains("--help-hidden"))
  }

  @Test func researchSwitchesAreAGroupOfTheirOwn() throws {
    for text in [try help("run", "--help-hidden"), try help("eval", "--help")] {
      let parts = text.split(separator: "RESEARCH SWITCHES:")
      #expect(parts.count == 2)
      for option in Self.research { #expect(parts.last?.contains(option) == true, "\(option)") }
    }
  }

  @Test func aTerminalIsToldWhatIsAwaited() throws {
    let program = try Program("assigner", World.arguments("--no-generator"), atTerminal: true)
    program.send("Flood in Kerala\n")
    #expect(try program.lines(1) != [""])
    program.send([4])
    let result = try program.wait()
    #expect(result.status == 0)
    #expect(result.messages == "assigner: waiting for tweets, one a line, on standard input; Ctrl-D ends it\n")
    #expect(try Program.run("assigner", World.arguments("--no-generator"), input: "Flood\n").messages == "")
  }

  @Test func filesInUseAreNamed() throws {
    let result = try Program.run("assigner", World.arguments("--verbose", "--no-generator"), input: "Flood\n")
    #expect(result.status == 0 && result.lines.count == 1)
    #expect(result.messages == "assigner: model \(World.model), index \(World.index)\n")

    // Default files lie beside the program.
    let folder = TemporaryFolder()
    let program = try Program.install(in: "bin", of: folder)
    let model = folder.write("bin/assigner.model", TemporaryFolder.read(World.model))
    let index = folder.write("bin/assigner.index", TemporaryFolder.read(World.index))
    let found = try Program.run(program, ["--verbose", "--no-generator"], input: "Flood\n")
    #expect(found.messages == "assigner: model \(model) (default), index \(index) (default)\n")
  }
}
