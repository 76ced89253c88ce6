// SPDX-License-Identifier: Apache-2.0

/// How linear layers in float32 are multiplied.
///
/// The runtime uses the project's kernels, which give the same bits on every machine. A program that only compares networks may
/// use a library, which is faster on large ones.
package struct FloatProducts: Sendable {
  /// Writes x Wᵀ to `output` [rows, outputs]; `x` is [rows, inputs], `weights` [outputs, inputs], all row-major.
  package typealias Multiply =
    @Sendable (
      _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ rows: Int,
      _ outputs: Int, _ inputs: Int
    ) -> Void

  /// Nil for the kernels, which also add the bias and apply the activation.
  let multiply: Multiply?
  /// Inputs with fewer rows use the kernels: a library repacks all weights for every product, which few rows do not repay.
  let fewestRows: Int

  /// The project's own kernels.
  package static let kernels = FloatProducts(multiply: nil, fewestRows: 0)

  package static func library(fewestRows: Int, _ multiply: @escaping Multiply) -> FloatProducts {
    FloatProducts(multiply: multiply, fewestRows: fewestRows)
  }

  private init(multiply: Multiply?, fewestRows: Int) { (self.multiply, self.fewestRows) = (multiply, fewestRows) }
}
