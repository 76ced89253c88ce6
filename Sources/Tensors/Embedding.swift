// SPDX-License-Identifier: Apache-2.0
/// An embedding table: its rows are looked up by number, for words, positions and pieces.
package struct Embedding: Sendable {
  private enum Table {
    case weights(Weights)
    case fourBit(FourBitWeights)
  }

  private let table: Table
  package let rows: Int
  package let size: Int

  package init(_ table: Weights) { (self.table, rows, size) = (.weights(table), table.rows, table.columns) }

  package init(_ table: FourBitWeights) { (self.table, rows, size) = (.fourBit(table), table.rows, table.columns) }

  /// Throws `tokenOutOfRange` if a token has no row.
  package func check(_ tokens: UnsafeBufferPointer<Int32>) throws(TensorError) {
    for (position, token) in tokens.enumerated() where token < 0 || Int(token) >= rows {
      throw .tokenOutOfRange(token: token, position: position, rows: rows)
    }
  }

  /// Writes row `index` to `output` [size]. The caller has checked the index.
  package func copy(_ index: Int, to output: UnsafeMutablePointer<Float>) {
    precondition(index >= 0 && index < rows)
    // The table owns the memory that is read here.
    defer { withExtendedLifetime(table) {} }
    switch table {
    case .weights(.float32(let matrix)):
      output.update(from: matrix.values + index * size, count: size)
    case .weights(.int8(let matrix)):
      matrix.forEach(inRow: index) { column, value in output[column] = value }
    case .fourBit(let matrix):
      matrix.forEach(inRow: index) { column, value in output[column] = value }
    }
  }

  /// Adds row `index` to `output` [size]. The caller has checked the index.
  package func add(_ index: Int, to output: UnsafeMutablePointer<Float>) {
    precondition(index >= 0 && index < rows)
    // The table owns the memory that is read here.
    defer { withExtendedLifetime(table) {} }
    switch table {
    case .weights(.float32(let matrix)):
      let row = matrix.values + index * size
      for column in 0..<size { output[column] += row[column] }
    case .weights(.int8(let matrix)):
      matrix.forEach(inRow: index) { column, value in output[column] += value }
    case .fourBit(let matrix):
      matrix.forEach(inRow: index) { column, value in output[column] += value }
    }
  }
}

extension Int8Weights {
  @inline(__always)
  fileprivate func forEach(inRow row: Int, _ body: (_ column: Int, _ value: Float) -> Void) {
    let scale = scales[row]
    if isPacked {
      // In a packed matrix, four elements of a row are adjacent.
      let start = values + PackedMatrix.offset(ofRow: row, columns: columns)
      for column in 0..<columns {
        body(column, Float(start[(column >> 2) * PackedMatrix.chunkSize + (column & 3)]) * scale)
      }
    } else {
      let start = values + row * columns
      for column in 0..<columns { body(column, Float(start[column]) * scale) }
    }
  }
}
