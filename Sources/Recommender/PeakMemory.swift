#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The most memory that this process has had resident so far.
public enum PeakMemory {
  /// Bytes; 0 where the system does not say.
  public static var bytes: Int {
    var usage = rusage()
    // RUSAGE_SELF is 0; the C libraries' headers disagree on its type.
    let code = getrusage(0, &usage)
    // Linux counts in KiB.
    return code == 0 ? usage.ru_maxrss * 1024 : 0
  }
}
