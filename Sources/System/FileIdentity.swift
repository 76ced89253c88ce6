// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Which file a path leads to: all names and links of one file have the same identity.
package enum FileIdentity: Hashable, Sendable {
  case file(device: UInt64, inode: UInt64)
  /// There is no file yet: where it would lie, without links.
  case absent(path: String)

  init(_ status: stat) {
    self = .file(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// Nil for what is no regular file: a folder, a device, a pipe.
  ///
  /// - Parameter path: "-" is standard input.
  package init?(path: String) {
    if path == "-" { self.init(descriptor: 0) } else { self.init(output: path) }
  }

  /// Of a file that is to be written, for which "-" is a name as any other.
  init?(output path: String) {
    if let status = try? SystemCalls.status(path: path) {
      guard SystemCalls.isRegular(status) else { return nil }
      self.init(status)
    } else {
      guard let destination = try? SystemCalls.destination(of: path) else { return nil }
      self = .absent(path: destination)
    }
  }

  /// Nil for what is no regular file.
  package init?(descriptor: Int32) {
    guard let status = try? SystemCalls.status(descriptor), SystemCalls.isRegular(status) else { return nil }
    self.init(status)
  }
}
