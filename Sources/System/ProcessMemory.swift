// SPDX-License-Identifier: Apache-2.0
/// The memory that this process has resident.
package enum ProcessMemory {
  /// Bytes at this moment; without /proc the most so far.
  package static var resident: Int { bytes("VmRSS:") }

  /// The most bytes so far. getrusage's figure only where there is no /proc: a program inherits it from whatever started it.
  package static var peak: Int { bytes("VmHWM:") }

  /// The most bytes that a process of ours has had resident so far.
  package static func peak(of process: Int) -> Int {
    bytes("VmHWM:", status: SystemFile.lines(of: "/proc/\(process)/status"))
  }

  /// Bytes that a process has resident of its map of a file; 0 where it maps none of that path, which is the real one.
  package static func resident(of file: String, in process: Int) -> Int {
    var sum = 0
    var isInside = false
    for line in SystemFile.lines(of: "/proc/\(process)/smaps") {
      // A map begins with its addresses, "7f12a0000000-7f12a1000000 r--p 00000000 08:01 123   /path"; what is told of it
      // follows as "Rss:   123 kB".
      if line.first?.isHexDigit == true, line.contains("-"), !line.contains(" kB") {
        isInside = line.hasSuffix(" " + file)
      } else if isInside, line.hasPrefix("Rss:") {
        sum += bytes("Rss:", status: [line])
      }
    }
    return sum
  }

  private static func bytes(_ name: String) -> Int {
    let bytes = bytes(name, status: SystemFile.lines(of: "/proc/self/status"))
    return bytes > 0 ? bytes : StopwatchClock.largestMemory
  }

  /// The line "VmHWM:\t  106176 kB".
  static func bytes(_ name: String, status: [String]) -> Int {
    guard let line = status.first(where: { $0.hasPrefix(name) }) else { return 0 }
    let digits = line.filter { $0.isASCII && $0.isNumber }
    return Int(digits).map { $0.multipliedReportingOverflow(by: 1024).partialValue } ?? 0
  }
}
