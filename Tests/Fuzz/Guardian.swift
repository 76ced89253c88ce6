// SPDX-License-Identifier: Apache-2.0

import System

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Watches what reading an input takes: an alarm ends the process where it takes too long, and the most memory that was resident is
/// held to the input's size.
struct Guardian {
  /// Bytes that any input may take.
  private let allowance: Int
  private let seconds: UInt32
  /// What a byte of an input may take: a cold section unpacks to 255 times its size at most, but is refused where sections that
  /// are not packed do not have as many rows; a list of JSON takes 12 times, in an array that is twice as long.
  private static let factor = 64

  init(mebibytes: Int, seconds: Int) {
    allowance = mebibytes << 20
    self.seconds = UInt32(clamping: seconds)
  }

  func watch(_ size: Int, _ body: () throws -> Void) throws {
    // The kernel then begins to count the peak anew (proc(5), clear_refs).
    write(Array("5".utf8), to: "/proc/self/clear_refs")
    let before = ProcessMemory.resident
    alarm(seconds)
    defer { alarm(0) }
    let result = Result { try body() }
    let taken = ProcessMemory.peak - before
    guard taken <= allowance + Self.factor * size else {
      throw Finding("\(size) bytes took \(taken >> 20) MiB of memory")
    }
    try result.get()
  }
}

/// Writes a file; what cannot be written is not there.
func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w") else { return }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

func delete(_ path: String) { unlink(path) }
