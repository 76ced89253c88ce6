// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A system call that failed: its name, its errno, and its file.
package struct SystemCallError: Error, Equatable, Sendable, CustomStringConvertible {
  package let call: String
  package let errno: Int32
  /// A file's path or a stream's name; empty if the code that reports the error names the file.
  package let path: String

  package init(call: String, errno: Int32, path: String = "") {
    (self.call, self.errno, self.path) = (call, errno, path)
  }

  /// For example `rows.txt: open failed: permission denied: check who may read and write it`.
  package var description: String {
    (path.isEmpty ? "" : "\(path): ") + "\(call) failed: \(explanation)"
  }

  /// What the errno means and what to do about it.
  package var explanation: String { words + (advice.map { ": \($0)" } ?? "") }

  /// Whether the file does not exist, rather than cannot be opened or read.
  package var isMissingFile: Bool { [ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno) }

  /// The errno for a name that does not exist in a folder that does.
  package static let absent = ENOENT

  /// Whether a file of that name exists already.
  package var isExistingFile: Bool { errno == EEXIST }

  /// Whether the reader of standard output, or the writer of standard input, has gone. This is not an error of the program.
  package var isReaderGone: Bool {
    [EPIPE, ECONNRESET].contains(errno)
      && [Descriptor.standardInput.name, Descriptor.standardOutput.name].contains(path)
  }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit { call == "open" && isMissingFile ? .missingFile : .inputOutput }

  /// The C library's words, beginning with a lower-case letter.
  private var words: String {
    guard let text = strerror(errno) else { return "unknown error \(errno)" }
    let words = String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  private var advice: String? {
    switch errno {
    case ENOENT, ENOTDIR, ENAMETOOLONG: "check the path"
    case EACCES, EPERM: "check who may read and write it"
    case EROFS: "write elsewhere"
    case ENOSPC, EDQUOT: "make room, or write elsewhere"
    case EFBIG: "raise the limit on file size (ulimit -f)"
    case EMFILE, ENFILE: "raise the limit on open files (ulimit -n)"
    case ENOMEM: "free memory, or allow more"
    case EISDIR: "name a file"
    case EBADF: "it was closed before the program started: open it"
    case EIO: "check the system's log and the device"
    default: nil
    }
  }
}
