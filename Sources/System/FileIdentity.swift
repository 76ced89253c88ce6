// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The file that a path leads to. All names and links of one file have the same identity.
package enum FileIdentity: Hashable, Sendable {
  case file(device: UInt64, inode: UInt64)
  /// There is no file yet. The path is where it would lie, with links resolved.
  case absent(path: String)

  init(_ status: stat) {
    self = .file(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// Nil if this is not a regular file but a folder, a device or a pipe.
  ///
  /// - Parameter path: "-" is standard input.
  package init?(path: String) {
    if path == "-" { self.init(descriptor: 0) } else { self.init(output: path) }
  }

  /// The identity of a file that will be written. Here "-" is an ordinary name.
  init?(output path: String) {
    if let status = try? SystemCalls.status(path: path) {
      guard SystemCalls.isRegular(status) else { return nil }
      self.init(status)
    } else {
      guard let destination = try? SystemCalls.destination(of: path) else { return nil }
      self = .absent(path: destination)
    }
  }

  /// Nil if this is not a regular file.
  package init?(descriptor: Int32) {
    guard let status = try? SystemCalls.status(descriptor), SystemCalls.isRegular(status) else { return nil }
    self.init(status)
  }
}
