// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Layer normalisation: (x - mean) / sqrt(variance + epsilon) × weight + bias over each row.
package struct LayerNorm: @unchecked Sendable {
  // Sendable because the memory behind the pointers, which the owner keeps alive, never changes.
  package let weight: UnsafePointer<Float>
  package let bias: UnsafePointer<Float>
  package let size: Int
  package let epsilon: Float
  private let owner: AnyObject

  /// - Parameter owner: keeps the memory behind the pointers alive.
  package init(weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, size: Int, epsilon: Float, owner: AnyObject) {
    self.weight = weight
    self.bias = bias
    self.size = size
    self.epsilon = epsilon
    self.owner = owner
  }

  /// Normalises `x` + `residual` and writes the result to `x`.
  package func apply(_ x: FloatView, residual: FloatView? = nil) {
    assert(x.columns == size && (residual?.rows ?? x.rows) == x.rows)
    assigner_ops_active().pointee.layer_norm(
      x.base, residual?.base, weight, bias, epsilon, x.base, x.rows, size)
    withExtendedLifetime(owner) {}
  }
}
