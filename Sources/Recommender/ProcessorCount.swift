#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many threads this process may keep busy: the affinity mask, and the cgroup's quota where that is less. Never the
/// number of processors in the machine, which on a shared one means threads that only wait for each other.
public enum ProcessorCount {
  public static var usable: Int {
    let allowed = affinity ?? 1
    guard let quota else { return allowed }
    return max(1, min(allowed, quota))
  }

  private static var affinity: Int? {
    var mask = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 else { return nil }
    let bits = withUnsafeBytes(of: &mask) { bytes in bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
    return bits > 0 ? bits : nil
  }

  /// Whole processors that a version 2 cgroup grants, rounded up.
  private static var quota: Int? {
    guard let file = fopen("/sys/fs/cgroup/cpu.max", "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 64)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let numbers = text.split { $0 == " " || $0 == "\n" }.map { Int($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else { return nil }
    return (quota + period - 1) / period
  }
}
