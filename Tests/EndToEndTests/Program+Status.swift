// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// What Linux tells of the running program.
extension Program {
  /// The most bytes it has had resident so far; 0 where the system does not say.
  var peakMemory: Int {
    let lines = Self.text("\(process)/status").split(separator: "\n")
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }

  /// Processor time that all its threads have used, in the clock's ticks (hundredths of a second), and its niceness.
  func processorUse() throws -> (ticks: Int, nice: Int) { try Self.processorUse(of: "\(process)") }

  /// The same of a process by its name in /proc: "self" is the tests'.
  static func processorUse(of process: String) throws -> (ticks: Int, nice: Int) {
    // The name in parentheses may hold blanks; behind it the third of proc(5)'s fields comes first.
    let fields = (text("\(process)/stat").split(separator: ")").last ?? "").split(separator: " ")
    guard fields.count > 16, let user = Int(fields[11]), let system = Int(fields[12]), let nice = Int(fields[16]) else {
      throw Failure(description: "no /proc/\(process)/stat")
    }
    return (user + system, nice)
  }

  private static func text(_ file: String) -> String {
    String(decoding: TemporaryFolder.read("/proc/" + file), as: UTF8.self)
  }
}
