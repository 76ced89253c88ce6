// SPDX-License-Identifier: Apache-2.0
/// A dense row-major float matrix in memory that it does not own, usually an arena's.
package struct FloatView {
  package let base: UnsafeMutablePointer<Float>
  package let rows: Int
  package let columns: Int

  package init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    self.base = base
    self.rows = rows
    self.columns = columns
  }

  package var count: Int { rows * columns }

  /// The start of a row.
  package func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * columns }

  /// The rows `first ..< first + count` as a matrix.
  package func rows(from first: Int, count: Int) -> FloatView { FloatView(row(first), rows: count, columns: columns) }

  package subscript(row: Int, column: Int) -> Float {
    get { base[row * columns + column] }
    nonmutating set { base[row * columns + column] = newValue }
  }

  package func fill(_ value: Float) { base.update(repeating: value, count: count) }

  /// Copies the elements of a matrix of the same shape.
  package func copy(from other: FloatView) { base.update(from: other.base, count: count) }
}
