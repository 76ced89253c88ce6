// SPDX-License-Identifier: Apache-2.0

import CKernels
import Tensors

/// Centroids in 8 bits, packed as the weights of layers are.
///
/// Matrix products compare many rows with all centroids. The sums are exact, so every machine assigns a row to the same
/// list.
struct PackedCentroids: Sendable, Equatable {
  /// L.
  let count: Int
  private let dimension: Int
  /// [L, stride], packed.
  private let values: [Int8]
  /// [L].
  private let scales: [Float]

  /// Rows per matrix product.
  private static let chunk = 64
  /// Bytes of a quantised row.
  private var stride: Int { assigner_input_stride(dimension) }

  /// - Parameter centroids: [L, d].
  init(_ centroids: [Float], dimension: Int) {
    (count, self.dimension) = (centroids.count / dimension, dimension)
    let stride = assigner_input_stride(dimension)
    var scales = [Float](repeating: 0, count: count)
    var rows = [Int8](repeating: 0, count: count * stride)
    centroids.withUnsafeBufferPointer { Self.quantize($0, dimension: dimension, &rows, &scales) }
    values = [Int8](unsafeUninitializedCapacity: PackedMatrix.shape(rows: count, columns: stride).reduce(1, *)) {
      [count] packed, used in
      rows.withUnsafeBufferPointer { PackedMatrix.pack($0, rows: count, columns: stride, into: packed) }
      used = packed.count
    }
    self.scales = scales
  }

  /// The centroid with the largest product for each row of `vectors` [n, d]; ties go to the first. O(n × L × d).
  func nearest(_ vectors: [Float]) -> [UInt32] {
    let rows = vectors.count / dimension
    var nearest = [UInt32](repeating: 0, count: rows)
    var quantized = [Int8](repeating: 0, count: Self.chunk * stride)
    var factors = [Float](repeating: 0, count: Self.chunk)
    var products = [Float](repeating: 0, count: Self.chunk * count)
    vectors.withUnsafeBufferPointer { vectors in
      for first in Swift.stride(from: 0, to: rows, by: Self.chunk) {
        let number = min(Self.chunk, rows - first)
        Self.quantize(
          UnsafeBufferPointer(rebasing: vectors[first * dimension..<(first + number) * dimension]), dimension: dimension,
          &quantized, &factors)
        assigner_ops_active().pointee.linear_i8(
          quantized, factors, values, scales, nil, &products, number, count, stride, Activation.none.rawValue)
        products.withUnsafeBufferPointer { products in
          guard let base = products.baseAddress else { return }
          for row in 0..<number {
            nearest[first + row] = UInt32(Kernels.argmax(base + row * count, count: count))
          }
        }
      }
    }
    return nearest
  }

  private static func quantize(
    _ vectors: UnsafeBufferPointer<Float>, dimension: Int, _ rows: inout [Int8], _ scales: inout [Float]
  ) {
    guard let base = vectors.baseAddress else { return }
    assigner_ops_active().pointee.quantize_rows(base, nil, &rows, &scales, vectors.count / dimension, dimension)
  }
}
