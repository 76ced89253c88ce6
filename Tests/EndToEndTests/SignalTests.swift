// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Signals, closed pipes and I/O errors.
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
    // Only whole lines, each an answer, and not all of them.
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

  /// Waits for the end of a program whose output nobody reads. Returns its exit status.
  private func endOfStalled(_ program: Program, seconds: Double) throws -> Int32 {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var status: Int32 = 0
    while waitpid(program.process, &status, WNOHANG) == 0 {
      guard clock.now < deadline else {
        kill(program.process, SIGKILL)
        throw Program.Failure(description: "still running after \(seconds) s")
      }
      usleep(10_000)
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }

  /// A program that waits for a reader, because its pipe is full.
  private func stalled(_ arguments: String...) throws -> Program {
    let folder = TemporaryFolder()
    let tweets = folder.write("tweets", String(repeating: "Flood in Kerala, the bridge is gone\n", count: 3000))
    let words = [try Program.locate("assigner"), "--format", "json", "--explain"] + arguments + World.arguments()
    let program = try Program("/bin/sh", ["-c", "exec \"$@\" < \(tweets)", "sh"] + words)
    // Waits until the program makes no progress: the pipe is full.
    while program.waitingOutput < 60_000 { usleep(20_000) }
    usleep(200_000)
    return program
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aReaderThatStandsStillHoldsNothingUp(signal: Int32) throws {
    let program = try stalled()
    program.signal(signal)
    #expect(try endOfStalled(program, seconds: 20) == 74)
    let result = try program.wait()
    #expect(result.messages.contains("nobody reads stdout"))
  }

  @Test func aSecondSignalEndsAtOnce() throws {
    let program = try stalled()
    program.signal(SIGTERM)
    usleep(200_000)
    program.signal(SIGTERM)
    #expect(try endOfStalled(program, seconds: 20) == -SIGTERM)
  }

  @Test func readersThatGoOnGetWhatIsLeft() throws {
    let program = try stalled()
    program.signal(SIGTERM)
    let result = try program.wait()
    #expect(result.status == 0 && result.output.last == 0x0A && result.lines.count < 3000)
  }

  @Test func signalsThatTheCallerIgnoresStayIgnored() throws {
    let words = [try Program.locate("assigner")] + World.arguments()
    let program = try Program("/bin/sh", ["-c", "trap '' INT TERM HUP; exec \"$@\"", "sh"] + words)
    program.send("Flood in Kerala\n")
    _ = try program.lines(1)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGTERM] { program.signal(signal) }
    try program.idle(milliseconds: 100)
    program.send("Storm over Oslo\n")
    _ = try program.lines(2)
    let result = try program.finish()
    #expect(result.status == 0 && result.messages == "")
  }

  @Test func idleSessionsEnd() throws {
    let silent = try Program("assigner", ["--idle", "0.3"] + World.arguments())
    silent.send("Flood in Kerala\n")
    _ = try silent.lines(1)
    // Bytes without a newline do not count as a line.
    for _ in 0..<20 {
      silent.send("x")
      try silent.idle(milliseconds: 50)
    }
    let result = try silent.wait(seconds: 20)
    #expect(result.status == 0 && result.lines.count == 1 && result.messages.contains("no line for 0.3 s"))
    let unread = try stalled("--idle", "0.3")
    #expect(try endOfStalled(unread, seconds: 20) == 74)
    #expect(try Program.run("assigner", ["--idle", "0"] + World.arguments(), input: "").status == 64)
  }

  /// Long commands end at once and leave nothing half written.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func longCommandsEndAtOnce(signal: Int32) throws {
    let folder = TemporaryFolder()
    let rows = folder.write("rows", (0..<20_000).map { "Storm \($0) over the bridge in Oslo #Storm\($0)\n" }.joined())
    let commands = [
      ["index", "build", "--model", World.model, "--corpus", rows, "--output", folder.file("made")],
      ["bench", "--repetitions", "100000"] + World.arguments(),
    ]
    for command in commands {
      for delay in [30, 300] as [Int32] {
        let program = try Program("assigner", command)
        try program.idle(milliseconds: delay)
        program.signal(signal)
        #expect(try program.wait(seconds: 20).status == -signal, "\(command[0]) after \(delay) ms")
      }
    }
    let left = try Program.run("/bin/ls", ["-A", folder.path], input: "").lines
    #expect(!left.contains("made") && !left.contains { $0.hasSuffix(".part") }, "\(left)")
  }
}
