// SPDX-License-Identifier: Apache-2.0
/// An int8 matrix as the file stores it: one scale per row, element [r, c] = integer [r, c] × scales[r].
package struct Int8Weights: @unchecked Sendable {
  // Sendable because the memory behind the pointers, which the owner keeps, never changes.
  /// As `PackedMatrix` says, or row-major.
  package let values: UnsafePointer<Int8>
  package let isPacked: Bool
  package let scales: UnsafePointer<Float>
  package let rows: Int
  package let columns: Int
  /// What a linear layer's input is multiplied by, column by column, before it is quantised [columns]; the stored
  /// columns are divided by it. It moves the few columns with large activations' range into the weights, as
  /// SmoothQuant does (Xiao et al., 2023), so that the other columns keep their precision. nil: all ones.
  package let inputScales: UnsafePointer<Float>?
  /// What the memory behind all pointers belongs to. Whoever reads through them extends the lifetime of this value.
  private let owner: AnyObject?

  /// - Parameter owner: keeps the memory behind the pointers as long as it lives; nil where the caller does.
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

  /// Packs a matrix that is row-major.
  init(packing matrix: Int8Weights) {
    let copy = PackedCopy(of: matrix, owner: matrix.owner)
    // A copy of a matrix has elements where the matrix has.
    values = copy.values.baseAddress.map { UnsafePointer($0) } ?? matrix.values
    isPacked = true
    (scales, rows, columns, inputScales) = (matrix.scales, matrix.rows, matrix.columns, matrix.inputScales)
    owner = copy
  }
}

/// A float matrix as the file stores it, row-major.
package struct FloatWeights: @unchecked Sendable {
  // Sendable for the same reason.
  package let values: UnsafePointer<Float>
  package let rows: Int
  package let columns: Int
  /// As that of ``Int8Weights``.
  private let owner: AnyObject?
  /// How a linear layer multiplies with it.
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

/// A matrix in whichever form the file has it. It keeps the memory that it lies in.
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

  /// As linear layers multiply it. Files of before the panels store every matrix row by row: then this is a copy.
  var packed: Weights {
    if case .int8(let matrix) = self, !matrix.isPacked { .int8(Int8Weights(packing: matrix)) } else { self }
  }

  package var isInt8: Bool {
    if case .int8 = self { true } else { false }
  }
}
