// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Row operations that belong to no layer. Each gives the same bits on every instruction set.
package enum Kernels {
  /// Symmetric int8 quantisation per row: scale = max|x| / 127, value = round(x / scale) in ±127.
  ///
  /// A row of zeros has scale 0. `inputScales` [columns], if given, multiplies the columns first. Rows of `values` are
  /// `assigner_input_stride` apart.
  package static func quantizeRows(
    _ x: FloatView, inputScales: UnsafePointer<Float>? = nil, values: UnsafeMutablePointer<Int8>,
    scales: UnsafeMutablePointer<Float>
  ) {
    assigner_ops_active().pointee.quantize_rows(x.base, inputScales, values, scales, x.rows, x.columns)
  }

  /// The dot product Σ x_i y_i, in 8 partial sums.
  package static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Float {
    assigner_ops_active().pointee.dot_f32(x, y, count)
  }

  /// Turns scores into probabilities in place. Returns the sum of e^(x - max) by which they were divided.
  @discardableResult
  package static func softmax(_ x: UnsafeMutablePointer<Float>, count: Int) -> Float {
    assigner_ops_active().pointee.softmax(x, count)
  }

  /// Applies a function elementwise, in place.
  package static func activate(_ x: FloatView, _ activation: Activation) {
    assigner_ops_active().pointee.activate(x.base, x.count, activation.rawValue)
  }

  /// The mean of the rows, summed in their order.
  package static func meanOfRows(_ x: FloatView, into output: UnsafeMutablePointer<Float>) {
    output.update(repeating: 0, count: x.columns)
    for row in 0..<x.rows {
      let values = x.row(row)
      for column in 0..<x.columns { output[column] += values[column] }
    }
    let count = Float(max(x.rows, 1))
    for column in 0..<x.columns { output[column] /= count }
  }

  /// Divides by the Euclidean norm. A vector shorter than 1e-12 is divided by 1e-12, as in PyTorch's `normalize`.
  package static func normalize(_ x: UnsafeMutablePointer<Float>, count: Int) {
    let length = max(dot(x, x, count: count).squareRoot(), 1e-12)
    for index in 0..<count { x[index] /= length }
  }

  /// The index of the largest element, the first of equal ones. NaN never counts as larger. 0 if there is no element.
  package static func argmax(_ x: UnsafePointer<Float>, count: Int) -> Int {
    var best = 0
    for index in 0..<max(count, 0) where x[index] > x[best] { best = index }
    return best
  }
}
