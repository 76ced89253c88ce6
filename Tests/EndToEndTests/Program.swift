// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A running program with pipes for its three standard streams.
///
/// One loop over poll(2) feeds stdin and drains stdout and stderr at the same time, so no test can hang on a full pipe. No
/// test waits beyond its deadline.
final class Program {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The exit status and the output of a program.
  struct Result {
    /// The exit code, or the negative number of the signal that killed the program.
    let status: Int32
    let output: [UInt8]
    let messages: String

    var text: String { String(decoding: output, as: UTF8.self) }
    /// The lines of the output. Every line must end with a newline.
    var lines: [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }

  private(set) var output: [UInt8] = []
  private(set) var messages: [UInt8] = []
  let process: pid_t
  private var input: Int32
  private var outputEnd: Int32
  private var messagesEnd: Int32
  private var pending: ArraySlice<UInt8> = []
  private var closesInput = false

  /// A child that another test starts at the same moment must not inherit the ends of pipes: it would keep them open.
  private static let spawning = Mutex(())

  init(
    _ name: String = "assigner", _ arguments: [String], folder: String? = nil, environment: [String: String] = [:],
    atTerminal: Bool = false
  ) throws {
    let path = try Self.locate(name)
    (process, input, outputEnd, messagesEnd) = try Self.spawning.withLock { _ in
      try Self.spawn(path, arguments, folder: folder, environment: environment, atTerminal: atTerminal)
    }
  }

  deinit {
    for end in [input, outputEnd, messagesEnd] where end >= 0 { close(end) }
  }

  /// Runs a program to its end.
  static func run(
    _ name: String = "assigner", _ arguments: [String], input: [UInt8] = [], folder: String? = nil,
    environment: [String: String] = [:], seconds: Double = 120
  ) throws -> Result {
    let program = try Program(name, arguments, folder: folder, environment: environment)
    program.send(input)
    return try program.finish(seconds: seconds)
  }

  static func run(
    _ name: String = "assigner", _ arguments: [String], input: String, folder: String? = nil, seconds: Double = 120
  ) throws -> Result {
    try run(name, arguments, input: Array(input.utf8), folder: folder, seconds: seconds)
  }

  /// Queues bytes for stdin.
  func send(_ bytes: [UInt8]) { pending += bytes }
  func send(_ text: String) { send(Array(text.utf8)) }

  func signal(_ number: Int32) { kill(process, number) }

  /// The number of bytes of stdout that wait in the pipe.
  var waitingOutput: Int {
    var count: Int32 = 0
    return ioctl(outputEnd, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
  }

  /// Closes the read end of stdout, like a reader that exits.
  func closeOutput() {
    close(outputEnd)
    outputEnd = -1
  }

  /// Feeds and drains until stdout has this many whole lines, and returns them.
  func lines(_ count: Int, seconds: Double = 60) throws -> [String] {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while output.count(where: { $0 == 0x0A }) < count {
      guard clock.now < deadline else { throw Failure(description: "no \(count) lines in \(seconds) s") }
      guard try pump(milliseconds: 50) else { throw Failure(description: "the program ended early") }
    }
    return String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .prefix(count).map(String.init)
  }

  /// Feeds and drains for a fixed time.
  func idle(milliseconds: Int32) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(Int(milliseconds))
    while clock.now < deadline, try pump(milliseconds: 10) {}
  }

  /// Closes stdin when all bytes are sent, and waits until the program ends.
  func finish(seconds: Double = 120) throws -> Result {
    closesInput = true
    return try wait(seconds: seconds)
  }

  /// Waits until the program ends, and keeps stdin open.
  func wait(seconds: Double = 120) throws -> Result {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while try pump(milliseconds: 50) {
      guard clock.now < deadline else {
        kill(process, SIGKILL)
        throw Failure(description: "still running after \(seconds) s: \(String(decoding: messages, as: UTF8.self))")
      }
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return Result(
      status: signal == 0 ? (status >> 8) & 0xFF : -signal, output: output,
      messages: String(decoding: messages, as: UTF8.self))
  }

  /// One turn of the loop. Returns false when stdout and stderr have ended.
  private func pump(milliseconds: Int32) throws -> Bool {
    if pending.isEmpty, closesInput, input >= 0 {
      close(input)
      input = -1
    }
    if outputEnd < 0, messagesEnd < 0 { return false }
    var entries = [
      pollfd(fd: pending.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: outputEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: messagesEnd, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, 3, milliseconds) >= 0 || errno == EINTR else { throw Failure(description: "poll failed") }
    if entries[0].revents != 0 { feed() }
    if entries[1].revents != 0 { Self.drain(&outputEnd, into: &output) }
    if entries[2].revents != 0 { Self.drain(&messagesEnd, into: &messages) }
    return true
  }

  private func feed() {
    let count = Array(pending.prefix(4096)).withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
    if count >= 0 {
      pending = pending.dropFirst(count)
    } else if errno == EPIPE {
      pending = []
      close(input)
      input = -1
    }
  }

  private static func drain(_ end: inout Int32, into bytes: inout [UInt8]) {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(end, &chunk, chunk.count)
    if count > 0 {
      bytes += chunk[..<count]
    } else if count == 0 || errno != EINTR {
      close(end)
      end = -1
    }
  }
}
