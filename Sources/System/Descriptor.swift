// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An open file descriptor, read and written with read(2) and write(2) directly.
///
/// There is no buffer that could hold back an answer, and no stream that would treat a late line as the end of the file.
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

  /// Creates or empties a file for writing. Commands write their outputs through `OutputFile` instead.
  package static func create(_ path: String) throws(SystemCallError) -> Descriptor {
    let number = libraryOpen(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw SystemCallError(call: "open", errno: errno, path: path) }
    return Descriptor(number: number, name: path)
  }

  package func close() {
    SystemCalls.close(number)
  }

  /// Reads what is available, at most `buffer.count` bytes, and waits until there is something. Returns 0 at the end.
  package func read(into buffer: inout [UInt8]) throws(SystemCallError) -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes { libraryRead(number, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntil(POLLIN)
      default: throw SystemCallError(call: "read", errno: errno, path: name)
      }
    }
  }

  /// Writes all bytes, in as many calls as that takes.
  package func write(_ bytes: [UInt8]) throws(SystemCallError) {
    var written = 0
    while written < bytes.count { written += try write(some: bytes[written...]) }
  }

  package func write(_ text: String) throws(SystemCallError) { try write(Array(text.utf8)) }

  /// Writes as many of the bytes as one call takes, and returns their number.
  ///
  /// Waits for room, also if the descriptor is non-blocking.
  package func write(some bytes: ArraySlice<UInt8>) throws(SystemCallError) -> Int {
    while true {
      let count = bytes.withUnsafeBytes { libraryWrite(number, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntil(POLLOUT)
      default: throw SystemCallError(call: "write", errno: errno, path: name)
      }
    }
  }

  /// Whether this is a regular file, so that writing never has to wait for a reader.
  package var isFile: Bool { (try? SystemCalls.status(number)).map(SystemCalls.isRegular) ?? false }

  /// Writes a message as one line.
  ///
  /// A failure is ignored, because there is nowhere to report it. Control characters that a file or an input line put into the
  /// message are escaped (``PrintableText``).
  package func say(_ text: String) {
    let message = text.hasSuffix("\n") ? text.dropLast() : text[...]
    try? write(PrintableText.line(String(message)) + "\n")
  }

  /// Waits for a non-blocking descriptor.
  private func waitUntil<Event: BinaryInteger>(_ event: Event) {
    var entry = pollfd(fd: number, events: Int16(event), revents: 0)
    _ = poll(&entry, 1, -1)
  }
}

// The C library's functions have the names of the methods above, which hide them.
private func libraryOpen(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 { open(path, flags, mode) }

private func libraryRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}

private func libraryWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
