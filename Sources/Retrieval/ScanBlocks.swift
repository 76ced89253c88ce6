// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The layout of codes that `assigner_pq_scan` reads: blocks of 32 rows, [block, M/2, 32] bytes.
enum ScanBlocks {
  static let rows = Int(ASSIGNER_SCAN_BLOCK)

  /// The number of blocks for this many rows; zero codes fill the last block.
  static func count(rows: Int) -> Int { rows / Self.rows + (rows.isMultiple(of: Self.rows) ? 0 : 1) }

  /// Arranges packed rows ([rows, M/2], byte p of a row holds code 2p in its low half) in blocks.
  static func interleave(_ packed: [UInt8], pairs: Int) -> [UInt8] {
    let count = packed.count / pairs
    var blocks = [UInt8](repeating: 0, count: Self.count(rows: count) * pairs * rows)
    for row in 0..<count {
      let start = row / rows * pairs * rows + row % rows
      for pair in 0..<pairs { blocks[start + pair * rows] = packed[row * pairs + pair] }
    }
    return blocks
  }

  /// One row's packed codes, M/2 bytes.
  static func row(_ row: Int, _ blocks: UnsafeBufferPointer<UInt8>, pairs: Int) -> [UInt8] {
    let start = row / rows * pairs * rows + row % rows
    return (0..<pairs).map { blocks[start + $0 * rows] }
  }

  /// Packs two codes per byte.
  static func pack(_ codes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: codes.count - 1, by: 2).map { codes[$0] | codes[$0 + 1] << 4 }
  }

  /// The inverse of `pack`.
  static func unpack(_ packed: [UInt8]) -> [UInt8] {
    packed.flatMap { [$0 & 15, $0 >> 4] }
  }
}
