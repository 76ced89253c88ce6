// SPDX-License-Identifier: Apache-2.0
/// An embedding table of 4-bit integers as the file stores it. Blocks of 32 columns share a scale:
///
///     element = scale × (bits − 8)
///
/// This is Q4_0, in which multilingual-e5-small is published, so that its table is kept without loss.
package struct FourBitWeights: @unchecked Sendable {
  // Sendable because the memory behind the pointers, which the owner keeps alive, never changes.
  package static let blockColumns = 32
  package static let blockBytes = blockColumns / 2

  /// [rows, blocks, 16]: byte j of a block has column j in its low bits and column j + 16 in its high bits.
  private let values: UnsafePointer<UInt8>
  /// [rows, blocks]: bits of half-precision scales.
  private let scales: UnsafePointer<UInt16>
  package let rows: Int
  /// A multiple of 32.
  package let columns: Int
  /// Owns the memory behind the pointers; nil if the caller does.
  private let owner: AnyObject?

  package init(
    values: UnsafePointer<UInt8>, scales: UnsafePointer<UInt16>, rows: Int, columns: Int, owner: AnyObject? = nil
  ) {
    precondition(columns % Self.blockColumns == 0)
    (self.values, self.scales, self.rows, self.columns, self.owner) = (values, scales, rows, columns, owner)
  }

  /// The shape of the section with a table's values.
  package static func shape(rows: Int, columns: Int) -> [Int] { [rows, columns / blockColumns, blockBytes] }

  @inline(__always)
  func forEach(inRow row: Int, _ body: (_ column: Int, _ value: Float) -> Void) {
    defer { withExtendedLifetime(owner) {} }
    let blocks = columns / Self.blockColumns
    for block in row * blocks..<(row + 1) * blocks {
      let scale = HalfPrecision.float(scales[block])
      let bytes = values + block * Self.blockBytes
      let first = (block - row * blocks) * Self.blockColumns
      for index in 0..<Self.blockBytes {
        body(first + index, Float(Int(bytes[index] & 15) - 8) * scale)
        body(first + index + Self.blockBytes, Float(Int(bytes[index] >> 4) - 8) * scale)
      }
    }
  }
}
