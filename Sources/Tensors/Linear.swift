// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The function that a linear layer applies to each output.
package enum Activation: Int32, Sendable {
  case none = 0
  /// x Φ(x), the erf form.
  case gelu = 1
  case tanh = 2
  /// x / (1 + e^-x).
  case silu = 3
}

/// A linear layer: y = activation(x Wᵀ + b), W [outputs, inputs], packed if it is int8.
package struct Linear: @unchecked Sendable {
  // Sendable because the bias lies in memory that never changes.
  package let weights: Weights
  /// The owner of the weights also keeps this memory alive.
  package let bias: UnsafePointer<Float>?

  package init(weights: Weights, bias: UnsafePointer<Float>?) {
    self.weights = weights.packed
    self.bias = bias
  }

  package var inputs: Int { weights.columns }
  package var outputs: Int { weights.rows }
  package var isInt8: Bool { weights.isInt8 }
  /// See `Int8Weights.inputScales`.
  package var inputScales: UnsafePointer<Float>? {
    if case .int8(let matrix) = weights { matrix.inputScales } else { nil }
  }

  /// Applies the layer.
  ///
  /// Row i of `output` [rows, outputs] depends only on row i of the input [rows, inputs]. Complexity: rows × inputs × outputs
  /// multiply-adds.
  package func apply(_ input: LinearInput, into output: FloatView, activation: Activation = .none) {
    assert(input.floats.columns == inputs && output.columns == outputs && input.floats.rows == output.rows)
    // The weights own the memory that C reads.
    defer { withExtendedLifetime(weights) {} }
    switch weights {
    case .float32(let matrix):
      guard let multiply = matrix.products.multiply, output.rows >= matrix.products.fewestRows else {
        assigner_ops_active().pointee.linear_f32(
          input.floats.base, matrix.values, bias, output.base, output.rows, outputs, inputs, activation.rawValue)
        return
      }
      multiply(input.floats.base, matrix.values, output.base, output.rows, outputs, inputs)
      finish(output, activation)
    case .int8(let matrix):
      guard let values = input.values, let scales = input.scales else {
        preconditionFailure("the input of an int8 layer must be quantised")
      }
      assigner_ops_active().pointee.linear_i8(
        values, scales, matrix.values, matrix.scales, bias, output.base, output.rows, outputs, inputs,
        activation.rawValue)
    }
  }

  /// Adds the bias to the products and applies the activation.
  private func finish(_ output: FloatView, _ activation: Activation) {
    if let bias {
      for row in 0..<output.rows {
        let values = output.row(row)
        for column in 0..<outputs { values[column] += bias[column] }
      }
    }
    if activation != .none { Kernels.activate(output, activation) }
  }

  /// Applies the layer to an input that no other layer shares.
  package func apply(
    _ input: FloatView, into output: FloatView, activation: Activation = .none, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    apply(try LinearInput(input, for: self, arena: arena), into: output, activation: activation)
  }

  /// Arena bytes that `apply(_:into:activation:arena:)` takes.
  package func scratch(rows: Int) -> Int {
    LinearInput.scratch(rows: rows, columns: inputs, quantized: isInt8)
  }
}
