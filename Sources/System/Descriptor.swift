// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An open file descriptor that is read and written with read(2) and write(2) and nothing in between: no buffer that
/// could hold an answer back, no stream that would turn a late line into an end of file.
package struct Descriptor: Sendable {
  package let number: Int32
  /// The name used in messages.
  package let name: String

  package init(number: Int32, name: String) {
    self.number = number
    self.name = name
  }

  package static let standardInput = Descriptor(number: 0, name: "standard input")
  package static let standardOutput = Descriptor(number: 1, name: "standard output")
  package static let standardError = Descriptor(number: 2, name: "standard error")

  package var isTerminal: Bool { isatty(number) == 1 }

  /// Opens a file for reading.
  package static func open(reading path: String) throws(SystemCallError) -> Descriptor {
    let number = libraryOpen(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw SystemCallError(call: "open", errno: errno, path: path) }
    return Descriptor(number: number, name: path)
  }

  package func close() {
    SystemCalls.close(number)
  }

  /// Reads once what is there, at most `buffer.count` bytes. Returns 0 at the end of the file and nil where a
  /// descriptor that does not block has nothing to give just now.
  package func read(into buffer: inout [UInt8]) throws(SystemCallError) -> Int? {
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        libraryRead(number, bytes.baseAddress, bytes.count)
      }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      default: throw SystemCallError(call: "read", errno: errno, path: name)
      }
    }
  }

  /// Writes all the bytes, however many calls that takes.
  package func write(_ bytes: [UInt8]) throws(SystemCallError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        return libraryWrite(number, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var entry = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        _ = poll(&entry, 1, -1)
      default: throw SystemCallError(call: "write", errno: errno, path: name)
      }
    }
  }

  /// Writes text; used for messages, whose loss nobody can be told about.
  package func say(_ text: String) {
    try? write(Array(text.utf8))
  }
}

// The C library's functions whose names are taken by methods above.
private func libraryOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }

private func libraryRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}

private func libraryWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
