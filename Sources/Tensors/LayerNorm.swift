// SPDX-License-Identifier: Apache-2.0

import CKernels

/// (x - mean) / sqrt(variance + epsilon) × weight + bias over each row.
package struct LayerNorm: @unchecked Sendable {
  // Sendable because the pointers lead into a read-only map.
  package let weight: UnsafePointer<Float>
  package let bias: UnsafePointer<Float>
  package let size: Int
  package let epsilon: Float

  package init(weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, size: Int, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.size = size
    self.epsilon = epsilon
  }

  /// Normalises `x` + `residual` in place, in `x`.
  package func apply(_ x: FloatView, residual: FloatView? = nil) {
    assert(x.columns == size && (residual?.rows ?? x.rows) == x.rows)
    assigner_ops_active().pointee.layer_norm(
      x.base, residual?.base, weight, bias, epsilon, x.base, x.rows, size)
  }
}
