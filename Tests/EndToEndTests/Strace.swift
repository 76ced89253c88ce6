// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Runs a program under strace, which kills the program or makes a system call fail at a chosen call.
enum Strace {
  /// A system call of the first thread, by its name and its number among the calls of that name.
  struct Call: CustomStringConvertible {
    let name: String
    let number: Int
    /// The line that strace writes.
    let line: String

    var description: String { "\(name) no. \(number): \(line.prefix(100))" }
  }

  private static let program = "/usr/bin/strace"
  /// The system calls on files and descriptors.
  private static let kinds = "%file,%desc"

  /// Whether strace is installed and allowed to trace.
  static var isThere: Bool {
    (try? Program.run(program, ["-o", "/dev/null", "/bin/true"], input: ""))?.status == 0
  }

  /// The calls of a successful run, from the first lock or the first new file on.
  static func calls(
    _ name: String, _ arguments: [String], log: String, prepare: () -> Void
  ) throws -> [Call] {
    prepare()
    let result = try Program.run(
      program, ["-qq", "-o", log, "-e", "trace=" + kinds, "-e", "signal=none", try Program.locate(name)] + arguments, input: "")
    guard result.status == 0 else { throw Program.Failure(description: result.messages) }
    var counts: [String: Int] = [:]
    let calls = String(decoding: TemporaryFolder.read(log), as: UTF8.self).split(separator: "\n").map { line in
      let name = String(line.prefix { $0 != "(" })
      counts[name, default: 0] += 1
      return Call(name: name, number: counts[name] ?? 0, line: String(line))
    }
    return Array(calls.drop { $0.name != "flock" && !$0.line.contains("O_CREAT") })
  }

  /// Runs the program again with an injection at a call.
  static func run(_ name: String, _ arguments: [String], at call: Call, _ injection: String) throws -> Program.Result {
    try Program.run(
      program,
      [
        "-qq", "-o", "/dev/null", "-e", "trace=" + call.name, "-e", "inject=\(call.name):\(injection):when=\(call.number)",
        try Program.locate(name),
      ] + arguments, input: "")
  }
}
