// SPDX-License-Identifier: Apache-2.0
/// The resident memory of a process.
package enum ProcessMemory {
  /// Bytes now; without /proc, the peak so far.
  package static var resident: Int { bytes("VmRSS:") }

  /// The peak in bytes. getrusage serves only without /proc, because a program inherits its figure from the process that started
  /// it.
  package static var peak: Int { bytes("VmHWM:") }

  /// The peak in bytes of a process that this one started.
  package static func peak(of process: Int) -> Int {
    bytes("VmHWM:", status: SystemFile.lines(of: "/proc/\(process)/status"))
  }

  /// Resident bytes of a process's memory map of a file; 0 if the process does not map it. `file` is the real path.
  package static func resident(of file: String, in process: Int) -> Int {
    var sum = 0
    var isInside = false
    for line in SystemFile.lines(of: "/proc/\(process)/smaps") {
      // A map begins with its addresses, "7f12a0000000-7f12a1000000 r--p 00000000 08:01 123   /path". Its figures follow, as in
      // "Rss:   123 kB".
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

  /// Reads a line such as "VmHWM:\t  106176 kB".
  static func bytes(_ name: String, status: [String]) -> Int {
    guard let line = status.first(where: { $0.hasPrefix(name) }) else { return 0 }
    let digits = line.filter { $0.isASCII && $0.isNumber }
    return Int(digits).map { $0.multipliedReportingOverflow(by: 1024).partialValue } ?? 0
  }
}
