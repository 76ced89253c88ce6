// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A system call that failed: its name, its errno, and what it was about.
package struct SystemCallError: Error, Equatable, Sendable, CustomStringConvertible {
  package let call: String
  package let errno: Int32
  /// A file's path or a stream's name; empty where whoever reports the error names it.
  package let path: String

  package init(call: String, errno: Int32, path: String = "") {
    (self.call, self.errno, self.path) = (call, errno, path)
  }

  /// `rows.txt: open failed: permission denied: check who may read and write it`
  package var description: String {
    (path.isEmpty ? "" : "\(path): ") + "\(call) failed: \(explanation)"
  }

  /// What the errno means and what to do about it.
  package var explanation: String { words + (advice.map { ": \($0)" } ?? "") }

  /// Whether there is no file of that name, rather than one that cannot be opened or breaks while in use.
  package var isMissingFile: Bool { [ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno) }

  /// The errno where there is nothing of that name, in a folder that is there.
  package static let absent = ENOENT

  /// Whether a file of that name is there already.
  package var isExistingFile: Bool { errno == EEXIST }

  /// Whether whoever reads standard output, or writes to standard input, has gone away, which is no failure of ours.
  package var isReaderGone: Bool {
    [EPIPE, ECONNRESET].contains(errno)
      && [Descriptor.standardInput.name, Descriptor.standardOutput.name].contains(path)
  }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit { call == "open" && isMissingFile ? .missingFile : .inputOutput }

  /// The C library's words, without their capital.
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
    case EFBIG: "raise the limit of a file's size (ulimit -f)"
    case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
    case ENOMEM: "free memory, or give more"
    case EISDIR: "name a file"
    case EBADF: "it was closed before the program started"
    case EIO: "look at the system's log and at the device"
    default: nil
    }
  }
}
