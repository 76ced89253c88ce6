// SPDX-License-Identifier: Apache-2.0

import ModelFile

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A system call that failed, with what was being done.
package struct IOError: Error, CustomStringConvertible, Sendable {
  /// The errno of the call; 0 where no call failed.
  package let code: Int32
  /// What was being done, such as "reading standard input"; without an errno, what happened.
  package let doing: String

  package init(code: Int32, doing: String) {
    self.code = code
    self.doing = doing
  }

  package var description: String { code == 0 ? doing : "\(doing): \(String(cString: strerror(code)))" }

  /// Whether a file is not there or may not be opened.
  package var isMissingFile: Bool { doing.hasPrefix("opening ") }

  /// Whether the reader at the other end has gone away, which is no failure of ours.
  package var isClosedPipe: Bool { code == EPIPE }
}

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
  package static func open(reading path: String) throws(IOError) -> Descriptor {
    #if canImport(Glibc)
      let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    #else
      let number = Musl.open(path, O_RDONLY | O_CLOEXEC)
    #endif
    guard number >= 0 else { throw IOError(code: errno, doing: "opening \(path)") }
    return Descriptor(number: number, name: path)
  }

  /// Creates or empties a file for writing.
  package static func create(_ path: String) throws(IOError) -> Descriptor {
    #if canImport(Glibc)
      let number = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    #else
      let number = Musl.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    #endif
    guard number >= 0 else { throw IOError(code: errno, doing: "creating \(path)") }
    return Descriptor(number: number, name: path)
  }

  package func close() {
    #if canImport(Glibc)
      _ = Glibc.close(number)
    #else
      _ = Musl.close(number)
    #endif
  }

  /// Reads once what is there, at most `buffer.count` bytes. Returns 0 at the end of the file and nil where a
  /// descriptor that does not block has nothing to give just now.
  package func read(into buffer: inout [UInt8]) throws(IOError) -> Int? {
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        #if canImport(Glibc)
          Glibc.read(number, bytes.baseAddress, bytes.count)
        #else
          Musl.read(number, bytes.baseAddress, bytes.count)
        #endif
      }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      default: throw IOError(code: errno, doing: "reading \(name)")
      }
    }
  }

  /// Writes all the bytes, however many calls that takes.
  package func write(_ bytes: [UInt8]) throws(IOError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        #if canImport(Glibc)
          return Glibc.write(number, rest.baseAddress, rest.count)
        #else
          return Musl.write(number, rest.baseAddress, rest.count)
        #endif
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
      default: throw IOError(code: errno, doing: "writing \(name)")
      }
    }
  }

  /// Writes a message of one line, whose loss nobody can be told about. What a file or an input line put into it stays in
  /// that line (``PrintableText``).
  package func say(_ text: String) {
    let message = text.hasSuffix("\n") ? text.dropLast() : text[...]
    try? write(Array((PrintableText.line(String(message)) + "\n").utf8))
  }
}
