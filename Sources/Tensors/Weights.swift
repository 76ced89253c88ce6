// SPDX-License-Identifier: Apache-2.0
/// An int8 matrix as the file stores it: one scale per row, element [r, c] = integer [r, c] × scales[r].
package struct Int8Weights: @unchecked Sendable {
  // Sendable because the memory behind the pointers, which the owner keeps alive, never changes.
  /// In the layout of `PackedMatrix`, or row-major.
  package let values: UnsafePointer<Int8>
  package let isPacked: Bool
  package let scales: UnsafePointer<Float>
  package let rows: Int
  package let columns: Int
  /// [columns]: factors for the columns of a linear layer's input, applied before it is quantised.
  ///
  /// The stored columns of the matrix are divided by them. As in SmoothQuant (Xiao et al., 2023), this moves the range of the few
  /// columns with large activations into the weights, so that the other columns keep their precision. Nil: all ones.
  package let inputScales: UnsafePointer<Float>?
  /// Owns the memory behind all pointers. Code that reads through them must extend the lifetime of this value.
  private let owner: AnyObject?

  /// - Parameter owner: keeps the memory behind the pointers alive; nil if the caller does.
  package init(
    values: UnsafePointer<Int8>, isPacked: Bool, scales: UnsafePointer<Float>, rows: Int, columns: Int,
    inputScales: UnsafePointer<Float>? = nil, owner: AnyObject? = nil
  ) {
    self.inputScales = inputScales
    self.values = values
    self.isPacked = isPacked
    self.scales = scales
    self.rows = rows
    self.columns = columns
    self.owner = owner
  }

  /// Packs a row-major matrix.
  init(packing matrix: Int8Weights) {
    let copy = PackedCopy(of: matrix, owner: matrix.owner)
    // The copy of an empty matrix has no memory; then there is nothing to read.
    values = copy.values.baseAddress.map { UnsafePointer($0) } ?? matrix.values
    isPacked = true
    (scales, rows, columns, inputScales) = (matrix.scales, matrix.rows, matrix.columns, matrix.inputScales)
    owner = copy
  }
}

/// A float matrix as the file stores it, row-major.
package struct FloatWeights: @unchecked Sendable {
  // Sendable for the same reason as ``Int8Weights``.
  package let values: UnsafePointer<Float>
  package let rows: Int
  package let columns: Int
  /// Like the owner of ``Int8Weights``.
  private let owner: AnyObject?
  /// How a linear layer multiplies with the matrix.
  let products: FloatProducts

  package init(
    values: UnsafePointer<Float>, rows: Int, columns: Int, owner: AnyObject? = nil, products: FloatProducts = .kernels
  ) {
    self.products = products
    self.values = values
    self.rows = rows
    self.columns = columns
    self.owner = owner
  }
}

/// A matrix in the form that the file has, int8 or float32. It keeps its memory alive.
package enum Weights: Sendable {
  case int8(Int8Weights)
  case float32(FloatWeights)

  package var rows: Int {
    switch self {
    case .int8(let matrix): matrix.rows
    case .float32(let matrix): matrix.rows
    }
  }

  package var columns: Int {
    switch self {
    case .int8(let matrix): matrix.columns
    case .float32(let matrix): matrix.columns
    }
  }

  /// The layout that linear layers need. Old files, from before panels, store every matrix in row-major order; then this is a
  /// copy.
  var packed: Weights {
    if case .int8(let matrix) = self, !matrix.isPacked { .int8(Int8Weights(packing: matrix)) } else { self }
  }

  package var isInt8: Bool {
    if case .int8 = self { true } else { false }
  }
}
