// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Figures of the running program from Linux.
extension Program {
  /// The peak resident memory in bytes; 0 if unknown.
  var peakMemory: Int {
    let lines = Self.text("\(process)/status").split(separator: "\n")
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }

  /// The processor time of all threads in clock ticks (hundredths of a second), and the niceness.
  func processorUse() throws -> (ticks: Int, nice: Int) { try Self.processorUse(of: "\(process)") }

  /// The same for a process by its name in /proc; "self" is the test process.
  static func processorUse(of process: String) throws -> (ticks: Int, nice: Int) {
    // The name in parentheses may contain spaces. The first field after it is the third field of proc(5).
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
