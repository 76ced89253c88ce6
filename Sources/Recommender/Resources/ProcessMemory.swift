/// The memory that this process has resident.
public enum ProcessMemory {
  /// Bytes at this moment; 0 where the system does not say.
  public static var resident: Int { bytes("VmRSS:") }

  /// The most bytes so far; 0 where the system does not say. Not getrusage's figure, which a program inherits from
  /// whatever started it.
  public static var peak: Int { bytes("VmHWM:") }

  private static func bytes(_ name: String) -> Int { bytes(name, status: SystemFile.lines(of: "/proc/self/status")) }

  /// The line "VmHWM:\t  106176 kB".
  static func bytes(_ name: String, status: [String]) -> Int {
    guard let line = status.first(where: { $0.hasPrefix(name) }) else { return 0 }
    let digits = line.filter { $0.isASCII && $0.isNumber }
    return Int(digits).map { $0.multipliedReportingOverflow(by: 1024).partialValue } ?? 0
  }
}
