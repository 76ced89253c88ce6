// SPDX-License-Identifier: Apache-2.0

/// How linear layers in float32 are multiplied. The runtime's are the kernels, the same bits on every machine; a program that
/// only compares networks may bring a library that is faster on large ones.
package struct FloatProducts: Sendable {
  /// Writes x Wᵀ to `output` [rows, outputs]; `x` is [rows, inputs], `weights` [outputs, inputs], all row-major.
  package typealias Multiply =
    @Sendable (
      _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ rows: Int,
      _ outputs: Int, _ inputs: Int
    ) -> Void

  /// nil: the kernels, which add the bias and apply the activation on the way.
  let multiply: Multiply?
  /// Inputs of fewer rows go by the kernels: a library lays all weights out anew for every product, which few rows do not repay.
  let fewestRows: Int

  /// This project's own.
  package static let kernels = FloatProducts(multiply: nil, fewestRows: 0)

  package static func library(fewestRows: Int, _ multiply: @escaping Multiply) -> FloatProducts {
    FloatProducts(multiply: multiply, fewestRows: fewestRows)
  }

  private init(multiply: Multiply?, fewestRows: Int) { (self.multiply, self.fewestRows) = (multiply, fewestRows) }
}
