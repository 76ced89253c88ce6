import CKernels

/// (x - mean) / sqrt(variance + epsilon) × weight + bias over each row.
public struct LayerNorm: @unchecked Sendable {
  // Sendable because the pointers lead into a read-only map.
  public let weight: UnsafePointer<Float>
  public let bias: UnsafePointer<Float>
  public let size: Int
  public let epsilon: Float

  public init(weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, size: Int, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.size = size
    self.epsilon = epsilon
  }

  /// Normalises `x` + `residual` in place, in `x`.
  public func apply(_ x: FloatView, residual: FloatView? = nil) {
    assert(x.columns == size && (residual?.rows ?? x.rows) == x.rows)
    assigner_ops_active().pointee.layer_norm(
      x.base, residual?.base, weight, bias, epsilon, x.base, x.rows, size)
  }
}
