// SPDX-License-Identifier: Apache-2.0
/// A named run of bytes in a container, as the table describes it.
package struct Section: Sendable, Equatable {
  package let name: String
  package let type: ElementType
  /// Row-major; one to four dimensions. An empty section has a zero among them.
  package let shape: [Int]
  /// The offset of the stored bytes in the file; a multiple of 64.
  package let offset: Int
  /// The size in the file in bytes.
  package let storedSize: Int
  /// The inflated size in bytes: the product of `shape` times the size of `type`. Equal to `storedSize` for a raw section.
  package let size: Int
  /// Whether the stored bytes are one LZ4 frame (a cold section) rather than the elements themselves.
  package let isCompressed: Bool
  /// XXH64 (seed 0) of the stored bytes.
  package let checksum: UInt64

  /// Number of elements.
  package var count: Int { size / type.size }
}
