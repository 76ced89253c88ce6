// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The layout of a linear layer's int8 matrix [outputs, inputs] in memory and in the model file.
///
/// It consists of panels of 16 outputs, each a run of chunks of 4 inputs: [⌈outputs / 16⌉, ⌈inputs / 4⌉, 16, 4], with zeros
/// beyond the matrix. `assigner_ops.h` says why.
package enum PackedMatrix {
  /// Outputs per panel.
  package static let panelRows = Int(ASSIGNER_PANEL)
  private static let chunk = Int(ASSIGNER_CHUNK)
  /// Bytes from one chunk of a panel to the next.
  static let chunkSize = panelRows * chunk

  /// The shape of the matrix's section. Never overflows.
  package static func shape(rows: Int, columns: Int) -> [Int] {
    [parts(rows, of: panelRows), parts(columns, of: chunk), panelRows, chunk]
  }

  /// Packs row-major `values` [rows, columns] into `packed`, whose size follows from its shape.
  ///
  /// The caller has checked both sizes.
  package static func pack(
    _ values: UnsafeBufferPointer<Int8>, rows: Int, columns: Int, into packed: UnsafeMutableBufferPointer<Int8>
  ) {
    let chunks = parts(columns, of: chunk)
    precondition(values.count == rows * columns)
    precondition(packed.count == parts(rows, of: panelRows) * chunks * chunkSize)
    packed.initialize(repeating: 0)
    for row in 0..<rows {
      let start = offset(ofRow: row, columns: columns)
      for column in 0..<columns {
        packed[start + column / chunk * chunkSize + column % chunk] = values[row * columns + column]
      }
    }
  }

  /// The offset of a row's first element. The others follow in groups of 4, a chunk apart.
  static func offset(ofRow row: Int, columns: Int) -> Int {
    row / panelRows * parts(columns, of: chunk) * chunkSize + row % panelRows * chunk
  }

  /// count / size, rounded up.
  private static func parts(_ count: Int, of size: Int) -> Int { count / size + (count % size == 0 ? 0 : 1) }
}

/// A packed copy of a matrix that its file stores in row-major order.
final class PackedCopy: @unchecked Sendable {
  // Sendable because nothing writes to the memory once it is filled.
  let values: UnsafeMutableBufferPointer<Int8>
  /// Keeps alive what is not copied: the scales.
  private let owner: AnyObject?

  init(of matrix: Int8Weights, owner: AnyObject?) {
    self.owner = owner
    values = .allocate(capacity: PackedMatrix.shape(rows: matrix.rows, columns: matrix.columns).reduce(1, *))
    PackedMatrix.pack(
      UnsafeBufferPointer(start: matrix.values, count: matrix.rows * matrix.columns), rows: matrix.rows,
      columns: matrix.columns, into: values)
    withExtendedLifetime(owner) {}
  }

  deinit { values.deallocate() }
}
