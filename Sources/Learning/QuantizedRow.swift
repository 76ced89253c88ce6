// SPDX-License-Identifier: Apache-2.0

import Tensors

/// A vector in one byte a component: x_j ≈ scale × values_j. It is what a journal keeps and what a search compares, so that
/// a stream that goes on from its journal answers as if it had never stopped.
package struct QuantizedRow: Equatable, Sendable {
  /// d of them, in ±127.
  package let values: [Int8]
  /// Finite and not negative.
  package let scale: Float

  /// Takes over what a file says; nil where a value or the scale is none that quantising gives.
  package init?(values: [Int8], scale: Float) {
    guard scale >= 0, scale <= 1e3, !values.contains(-128) else { return nil }
    self.values = values
    self.scale = scale
  }

  /// Quantises a vector. O(d).
  package init(_ vector: [Float]) {
    let stride = (vector.count + 15) / 16 * 16
    var values = [Int8](repeating: 0, count: stride)
    var scale: Float = 0
    var vector = vector
    vector.withUnsafeMutableBufferPointer { vector in
      values.withUnsafeMutableBufferPointer { values in
        guard let input = vector.baseAddress, let output = values.baseAddress else { return }
        Kernels.quantizeRows(FloatView(input, rows: 1, columns: vector.count), values: output, scales: &scale)
      }
    }
    self.values = Array(values.prefix(vector.count))
    self.scale = scale >= 0 && scale <= 1e3 ? scale : 0
  }

  /// What it stands for, of length 1; zeros stay zeros.
  package var vector: [Float] {
    let square = values.reduce(0) { $0 + Int($1) * Int($1) }
    let length = max(1, Float(square).squareRoot())
    return values.map { Float($0) / length }
  }
}
