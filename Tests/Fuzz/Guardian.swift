// SPDX-License-Identifier: Apache-2.0

import System

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Limits the time and memory of reading an input. An alarm ends the process if it takes too long; the peak of resident memory
/// must be in proportion to the input's size.
struct Guardian {
  /// Bytes that any input may take, besides the allowance for its size.
  private let allowance: Int
  private let seconds: UInt32
  /// Bytes that each byte of an input may take. A cold section inflates to up to 255 times its size, but is rejected if the raw
  /// sections do not have as many rows. A JSON list takes 12 times its size, in an array with twice the capacity.
  private static let factor = 64

  init(mebibytes: Int, seconds: Int) {
    allowance = mebibytes << 20
    self.seconds = UInt32(clamping: seconds)
  }

  func watch(_ size: Int, _ body: () throws -> Void) throws {
    // The kernel then resets the peak (proc(5), clear_refs).
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

/// Writes a file. A failure leaves no file.
func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w") else { return }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

func delete(_ path: String) { unlink(path) }
