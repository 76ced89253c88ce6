// SPDX-License-Identifier: Apache-2.0

/// The file that a clone without Git LFS has in place of a large file: three lines of text that name it.
package enum GitPointer {
  private static let start = Array("version https://git-lfs.github.com/spec/".utf8)
  /// The number of bytes that identify a pointer.
  package static let markSize = start.count
  /// What is wrong with such a file, and what to do.
  package static let complaint =
    "is a Git LFS pointer, which stands for the file; run \"git lfs pull\" in its folder, or download the file itself"

  package static func isOne(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: start) }
}
