// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Symmetric int8 quantisation with one scale per row: value ≈ integer × scale. Integers are within ±127, never −128, so that
/// the sum of two products fits 16 bits.
enum RowQuantization {
  /// Writes a row's integers and returns its scale. The scale of a row of zeros is 1, to avoid division by zero. The row must be
  /// finite.
  static func quantize(
    _ row: UnsafeBufferPointer<Float>, into integers: UnsafeMutableBufferPointer<Int8>
  ) -> Float {
    var largest: Float = 0
    for value in row { largest = max(largest, abs(value)) }
    // Below 1e-35, 127 / largest is infinite or the scale is subnormal. Such a row is treated as zero.
    let inverse: Float = largest > 1e-35 ? 127 / largest : 0
    for index in row.indices {
      let rounded = (row[index] * inverse).rounded(.toNearestOrEven)
      integers.initializeElement(at: index, to: Int8(min(max(rounded, -127), 127)))
    }
    return inverse > 0 ? largest / 127 : 1
  }
}

/// An int8 matrix: its scales, error and checksum. The integers are computed again when they are written, to save memory.
struct QuantizedMatrix: Sendable {
  let blocks: Int8Blocks
  /// [rows]
  let scales: [Float]
  let error: QuantizationError
  let checksum: UInt64

  /// Reads the matrix once, a block of rows at a time.
  init(_ values: TensorValues, rows: Int, columns: Int, isPacked: Bool) throws(ConversionError) {
    blocks = Int8Blocks(values: values, rows: rows, columns: columns, isPacked: isPacked)
    var scales: [Float] = []
    scales.reserveCapacity(rows)
    var error = QuantizationError.Accumulator()
    var checksum = XXH64()
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: blocks.blockSize, alignment: 64)
    defer { bytes.deallocate() }
    for index in 0..<blocks.blockCount {
      let size = try blocks.make(index, into: bytes) { row, integers, scale in
        error.add(row) { Float(integers[$0]) * scale }
        scales.append(scale)
      }
      checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<size]))
    }
    self.scales = scales
    self.error = error.result
    self.checksum = checksum.value
  }
}

/// The quantisation error of a matrix.
package struct QuantizationError: Equatable, Sendable {
  /// The largest absolute error of an element.
  package let largest: Float
  /// Root mean square error divided by root mean square; 0 for a matrix of zeros.
  package let relativeRMS: Float
  /// The lowest cosine similarity of a row and its quantised form; rows of zeros count as 1.
  package let worstRowCosine: Float

  struct Accumulator {
    private var largest: Float = 0
    private var squares = 0.0
    private var squaredErrors = 0.0
    private var worst = 1.0

    /// Adds a row; `stored` gives what the runtime reads in a column.
    mutating func add(_ values: UnsafeBufferPointer<Float>, stored: (_ column: Int) -> Float) {
      var row = (exact: 0.0, stored: 0.0, both: 0.0)
      for index in values.indices {
        let back = stored(index)
        largest = max(largest, abs(values[index] - back))
        let (exact, stored) = (Double(values[index]), Double(back))
        squaredErrors += (exact - stored) * (exact - stored)
        row.exact += exact * exact
        row.stored += stored * stored
        row.both += exact * stored
      }
      squares += row.exact
      guard row.exact > 0 else { return }
      worst = min(worst, row.stored > 0 ? row.both / (row.exact * row.stored).squareRoot() : 0)
    }

    var result: QuantizationError {
      QuantizationError(
        largest: largest, relativeRMS: squares > 0 ? Float((squaredErrors / squares).squareRoot()) : 0,
        worstRowCosine: Float(min(worst, 1)))
    }
  }
}
