#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many threads this process may keep busy: the affinity mask, and the cgroup's quota where that is less. Never the
/// number of processors in the machine, which on a shared one means threads that only wait for each other.
public enum ProcessorCount {
  public static var usable: Int {
    let allowed = affinity(status: lines(of: "/proc/self/status")) ?? 1
    guard let quota = quota(cpuMax: lines(of: "/sys/fs/cgroup/cpu.max")) else { return allowed }
    return max(1, min(allowed, quota))
  }

  /// Processors in the line "Cpus_allowed:\tff,ffffffff". Read as text, because the C library's mask macros are not to
  /// be had from Swift.
  static func affinity(status: [String]) -> Int? {
    let name = "Cpus_allowed:"
    guard let line = status.first(where: { $0.hasPrefix(name) }) else { return nil }
    let bits = line.dropFirst(name.count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return bits > 0 ? bits : nil
  }

  /// Whole processors that a version 2 cgroup grants ("150000 100000"), rounded up; nil for "max".
  static func quota(cpuMax: [String]) -> Int? {
    let numbers = (cpuMax.first ?? "").split(separator: " ").map { Int($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0, quota > 0 else { return nil }
    return (quota - 1) / period + 1
  }

  private static func lines(of path: String) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var lines: [String] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
      let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
      lines.append(String(decoding: bytes, as: UTF8.self))
    }
    return lines
  }
}
