// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Environments where something is missing, or changes while the program runs.
@Suite struct EnvironmentTests {
  private static let hidesProc = "umount -l /proc && exec \"$@\""
  /// Not every machine allows a process to make a namespace.
  private static let canHideProc =
    (try? Program.run("/usr/bin/unshare", ["-m", "sh", "-c", hidesProc, "sh", "true"]))?.status == 0

  private func withoutProc(_ program: String, _ arguments: [String], input: String = "") throws -> Program.Result {
    try Program.run(
      "/usr/bin/unshare", ["-m", "sh", "-c", Self.hidesProc, "sh", try Program.locate(program)] + arguments, input: input)
  }

  @Test(.enabled(if: canHideProc)) func argumentsArriveWithoutProc() throws {
    #expect(try withoutProc("assigner", ["--version"]).lines.count == 1)
    #expect(try withoutProc("assigner-convert", ["--help"]).text.contains("USAGE: assigner-convert"))
    #expect(try withoutProc("assigner", ["--no-such-option"]).status == 64)
    let tweet = "Flood in Kerala\n"
    let expected = try Program.run("assigner", ["--format", "json"] + World.arguments(), input: tweet)
    #expect(try withoutProc("assigner", ["--format", "json"] + World.arguments(), input: tweet).output == expected.output)
    // The default files are found from the program's folder, and memory is counted.
    let folder = TemporaryFolder()
    let program = try Program.install(in: "bin", of: folder)
    folder.write("bin/assigner.model", TemporaryFolder.read(World.model))
    folder.write("bin/assigner.index", TemporaryFolder.read(World.index))
    #expect(try withoutProc(program, ["--format", "json"], input: tweet).output == expected.output)
    #expect(try withoutProc(program, ["--max-memory", "1M"], input: tweet).status == 78)
  }

  /// Overwrites a file as cp does: the pages of the map are gone, or belong to another file.
  @Test(arguments: ["--model", "--index"]) func aMappedFileIsWrittenOver(option: String) throws {
    let folder = TemporaryFolder()
    let live = folder.write("live", TemporaryFolder.read(option == "--model" ? World.model : World.index))
    let program = try Program(
      "assigner", World.arguments(files: [option == "--model" ? "--index" : "--model"]) + [option, live, "--threads", "2"])
    program.send("Flood in Kerala\n")
    _ = try program.lines(1)
    #expect(truncate(live, 0) == 0)
    program.send("Storm over Oslo\n")
    let result = try program.finish()
    #expect(result.status == 74)
    #expect(result.messages.hasPrefix("assigner: error: \(live): was overwritten while in use"), "\(result.messages)")
    // A copy in memory is not affected.
    folder.write("live", TemporaryFolder.read(option == "--model" ? World.model : World.index))
    let copied = try Program(
      "assigner", World.arguments(files: [option == "--model" ? "--index" : "--model"]) + [option, live, "--no-mmap"])
    copied.send("Flood in Kerala\n")
    _ = try copied.lines(1)
    #expect(truncate(live, 0) == 0)
    copied.send("Storm over Oslo\n")
    let answers = try copied.finish()
    #expect(answers.status == 0 && answers.lines.count == 2)
  }

  /// A crash of the program itself stays a crash.
  @Test func otherFaultsAreNotExplainedAway() throws {
    // Turns off the runtime's slow crash report.
    let program = try Program("assigner", World.arguments(), environment: ["SWIFT_BACKTRACE": "enable=no"])
    program.send("Flood in Kerala\n")
    _ = try program.lines(1)
    program.signal(SIGSEGV)
    let result = try program.wait()
    #expect(result.status == -SIGSEGV && result.messages == "")
  }
}
