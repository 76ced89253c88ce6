// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Signals, closed pipes and I/O that fails.
@Suite struct SignalTests {
  @Test(arguments: [SIGINT, SIGTERM]) func stopWhileWaiting(signal: Int32) throws {
    let program = try Program("assigner", World.arguments())
    program.send("Flood in Kerala\nhalf a li")
    _ = try program.lines(1)
    program.signal(signal)
    let result = try program.wait()
    #expect(result.status == 0)
    #expect(result.lines.count == 1)
    #expect(result.messages == "")
  }

  @Test(arguments: [SIGINT, SIGTERM]) func stopInMidStream(signal: Int32) throws {
    let input = (0..<3000).map { "Flood number \($0) in Kerala, the bridge is gone\n" }.joined()
    let program = try Program("assigner", ["--format", "json"] + World.arguments())
    program.send(input)
    _ = try program.lines(3)
    program.signal(signal)
    let result = try program.wait()
    #expect(result.status == 0)
    #expect(result.messages == "")
    // Whole lines, every one an answer, and not all of them.
    #expect(result.output.last == 0x0A)
    #expect((3..<3000).contains(result.lines.count))
    #expect(result.lines.allSatisfy { $0.hasPrefix(#"{"hashtags":["#) && $0.hasSuffix("]}") })
  }

  @Test func aReaderThatGoesAwayEndsItQuietly() throws {
    let program = try Program("assigner", World.arguments())
    program.send((0..<500).map { "Flood \($0)\n" }.joined())
    _ = try program.lines(1)
    program.closeOutput()
    let result = try program.wait()
    #expect(result.status == 0)
    #expect(result.messages == "")
  }

  private func shell(_ redirection: String) throws -> Program.Result {
    let program = try Program.locate("assigner")
    let command = "echo Flood | \(program) --model \(World.model) --index \(World.index) \(redirection)"
    return try Program.run("/bin/sh", ["-c", command])
  }

  @Test func outputThatCannotBeWritten() throws {
    let result = try shell("> /dev/full")
    #expect(result.status == 74)
    #expect(result.messages.contains("standard output"))
  }

  @Test func inputThatCannotBeRead() throws {
    let result = try shell("< /")
    #expect(result.status == 74)
    #expect(result.messages.contains("standard input"))
  }
}
