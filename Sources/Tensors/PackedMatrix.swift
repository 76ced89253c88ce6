// SPDX-License-Identifier: Apache-2.0

import CKernels

/// How an int8 matrix [outputs, inputs] of a linear layer lies in memory and in the model file: in panels of 16 outputs, each
/// a run of chunks of 4 inputs, [⌈outputs / 16⌉, ⌈inputs / 4⌉, 16, 4], zeros beyond the matrix (`assigner_ops.h` says why).
package enum PackedMatrix {
  /// Outputs of a panel.
  package static let panelRows = Int(ASSIGNER_PANEL)
  private static let chunk = Int(ASSIGNER_CHUNK)
  /// Bytes from one chunk of a panel to the next.
  static let chunkSize = panelRows * chunk

  /// The shape of its section. Never overflows.
  package static func shape(rows: Int, columns: Int) -> [Int] {
    [parts(rows, of: panelRows), parts(columns, of: chunk), panelRows, chunk]
  }

  /// Packs row-major `values` [rows, columns] into `packed`, whose size its shape says; the caller has checked both.
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

  /// The place of a row's first element; the others follow 4 at a time, a chunk apart.
  static func offset(ofRow row: Int, columns: Int) -> Int {
    row / panelRows * parts(columns, of: chunk) * chunkSize + row % panelRows * chunk
  }

  /// count / size, rounded up.
  private static func parts(_ count: Int, of size: Int) -> Int { count / size + (count % size == 0 ? 0 : 1) }
}

/// The packed copy of a matrix that its file stores row by row.
final class PackedCopy: @unchecked Sendable {
  // Sendable because nothing writes to it once it is made.
  let values: UnsafeMutableBufferPointer<Int8>
  /// Keeps what is not copied: the scales.
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
