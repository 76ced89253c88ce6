// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The input of one or several linear layers: the floats, and their int8 form if a layer needs it.
///
/// Query, key and value projections share one quantised input. Each row has its own scale, so neither padding nor the rest of a
/// batch changes the result of a row.
package struct LinearInput {
  package let floats: FloatView
  let values: UnsafeMutablePointer<Int8>?
  let scales: UnsafeMutablePointer<Float>?

  /// - Parameters:
  ///   - layer: the layer that reads the input; if several do, they share their input scales.
  ///   - quantized: whether any of the layers has int8 weights; by default, whether `layer` has.
  package init(
    _ floats: FloatView, for layer: Linear, quantized: Bool? = nil, arena: Arena
  ) throws(TensorError) {
    self.floats = floats
    if quantized ?? layer.isInt8 {
      let values = try arena.int8(floats.rows * assigner_input_stride(floats.columns))
      let scales = try arena.floats(rows: floats.rows, columns: 1).base
      Kernels.quantizeRows(floats, inputScales: layer.inputScales, values: values, scales: scales)
      withExtendedLifetime(layer.weights) {}
      self.values = values
      self.scales = scales
    } else {
      values = nil
      scales = nil
    }
  }

  /// Arena bytes of an input of this shape.
  package static func scratch(rows: Int, columns: Int, quantized: Bool) -> Int {
    quantized ? Arena.bytes(rows * assigner_input_stride(columns), Int8.self) + Arena.bytes(rows, Float.self) : 0
  }
}
