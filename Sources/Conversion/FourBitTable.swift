// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// An embedding table in 4 bits (`FourBitWeights`): its blocks of bytes, scales, error and checksum.
///
/// The element of a block with the largest magnitude becomes −8, so a table that was in this form before keeps every bit.
struct FourBitTable: TensorBlocks {
  let values: TensorValues
  let rows: Int
  let columns: Int

  var blockCount: Int { (rows + blockRows - 1) / blockRows }
  var blockSize: Int { min(rows, blockRows) * columns / 2 }
  private var blockRows: Int { max(1, Self.blockElements / columns) }

  func read(_ index: Int, into bytes: UnsafeMutableRawBufferPointer) throws(ConversionError) -> Int {
    try make(index, into: bytes) { _, _ in }
  }

  /// The scales of all blocks [rows, columns / 32], the error, and the checksum of the bytes. Reads the table once.
  func measured() throws(ConversionError) -> (scales: [UInt16], error: QuantizationError, checksum: UInt64) {
    var scales: [UInt16] = []
    scales.reserveCapacity(rows * columns / FourBitWeights.blockColumns)
    var error = QuantizationError.Accumulator()
    var checksum = XXH64()
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 64)
    defer { bytes.deallocate() }
    for index in 0..<blockCount {
      let size = try make(index, into: bytes) { row, stored in
        scales += stored.scales
        error.add(row) { stored.value($0) }
      }
      checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<size]))
    }
    return (scales, error.result, checksum.value)
  }

  /// Writes a block of rows; calls `each` with every row and its quantised form.
  private func make(
    _ index: Int, into bytes: UnsafeMutableRawBufferPointer, each: (UnsafeBufferPointer<Float>, FourBitTableRow) -> Void
  ) throws(ConversionError) -> Int {
    let first = index * blockRows
    let count = min(blockRows, rows - first) * columns
    let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    defer { floats.deallocate() }
    try values.read(from: first * columns, into: floats)
    for start in stride(from: 0, to: count, by: columns) {
      let row = UnsafeBufferPointer(rebasing: floats[start..<start + columns])
      let stored = FourBitTableRow(row)
      UnsafeMutableRawBufferPointer(rebasing: bytes[(start / 2)...]).copyBytes(from: stored.bytes)
      each(row, stored)
    }
    return count / 2
  }
}

/// A row of floats in blocks of 4 bits.
private struct FourBitTableRow {
  private(set) var bytes: [UInt8]
  private(set) var scales: [UInt16] = []

  init(_ row: UnsafeBufferPointer<Float>) {
    let (size, half) = (FourBitWeights.blockColumns, FourBitWeights.blockBytes)
    bytes = [UInt8](repeating: 0, count: row.count / 2)
    for first in stride(from: 0, to: row.count, by: size) {
      let block = row[first..<first + size]
      let extreme = block.max { abs($0) < abs($1) } ?? 0
      scales.append(HalfPrecision.bits(extreme / -8))
      let scale = HalfPrecision.float(scales[scales.count - 1])
      let inverse = scale == 0 ? 0 : 1 / scale
      for (index, value) in block.enumerated() {
        let bits = UInt8(min(max((value * inverse).rounded(.toNearestOrEven) + 8, 0), 15))
        bytes[first / 2 + index % half] |= index < half ? bits : bits << 4
      }
    }
  }

  /// What the runtime reads in a column.
  func value(_ column: Int) -> Float {
    let (block, index) = column.quotientAndRemainder(dividingBy: FourBitWeights.blockColumns)
    let byte = bytes[block * FourBitWeights.blockBytes + index % FourBitWeights.blockBytes]
    return Float(Int(index < FourBitWeights.blockBytes ? byte & 15 : byte >> 4) - 8) * HalfPrecision.float(scales[block])
  }
}
