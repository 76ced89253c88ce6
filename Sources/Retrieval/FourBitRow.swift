// SPDX-License-Identifier: Apache-2.0

import CKernels

/// A vector with 4 bits per component: x_j ≈ scale (c_j − 7.5), c_j in 0...15.
///
/// Layout: byte i of d/2 holds c_i in its low half and c_{i + d/2} in its high half, as `assigner_dot_u4_i16` reads it. It
/// stores vectors that a query multiplies once each: residuals of the re-ranked rows and hashtag embeddings.
enum FourBitRow {
  /// Wider rows could overflow the product's 32-bit sum (15 × 4096 × 32767 < 2³¹).
  static let maximumDimension = 4096

  /// Quantises `vector` (d even, finite). O(d).
  ///
  /// It tries several step widths and keeps the one with the smallest squared error, because clipping the few largest
  /// components can cost less than coarser steps for all.
  /// - Returns: d/2 bytes and the scale.
  static func encode(_ vector: [Float]) -> (codes: [UInt8], scale: Float) {
    let peak = vector.reduce(0) { max($0, abs($1)) }
    guard peak > 0 else { return ([UInt8](repeating: 0x88, count: vector.count / 2), 0) }
    var best: (codes: [UInt8], scale: Float, error: Float)?
    for share in [Float(1), 0.9, 0.8, 0.7, 0.6] {
      let step = peak * share / 7.5
      let codes = vector.map { code($0, step) }
      // The least-squares scale for these codes.
      var product: Float = 0
      var square: Float = 0
      for (value, code) in zip(vector, codes) {
        let level = Float(code) - 7.5
        product += value * level
        square += level * level
      }
      let scale = product / square
      var error: Float = 0
      for (value, code) in zip(vector, codes) {
        let difference = value - scale * (Float(code) - 7.5)
        error += difference * difference
      }
      if best.map({ error < $0.error }) ?? true { best = (codes, scale, error) }
    }
    guard let best else { return ([], 0) }
    let half = vector.count / 2
    return ((0..<half).map { best.codes[$0] | best.codes[$0 + half] << 4 }, best.scale)
  }

  /// The inverse of `encode`, up to its error.
  static func decode(_ codes: UnsafeBufferPointer<UInt8>, scale: Float) -> [Float] {
    codes.map { (Float($0 & 15) - 7.5) * scale } + codes.map { (Float($0 >> 4) - 7.5) * scale }
  }

  private static func code(_ value: Float, _ step: Float) -> UInt8 {
    UInt8(min(15, max(0, (value / step + 7.5).rounded(.toNearestOrEven))))
  }
}

/// A query in 16-bit integers. Its products with four-bit rows are exact and the same on every instruction set.
struct FourBitQuery {
  private let weights: [Int16]
  private let unit: Float
  private let sum: Int

  /// - Parameter query: finite components, an even number of them.
  init(_ query: [Float]) {
    let peak = query.reduce(0) { max($0, abs($1)) }
    unit = peak / 32767
    let scale = unit > 0 ? 1 / unit : 0
    weights = query.map { Int16(min(32767, max(-32767, ($0 * scale).rounded(.toNearestOrEven)))) }
    sum = weights.reduce(0) { $0 + Int($1) }
  }

  /// q · x ≈ scale × unit × (Σ w c − 7.5 Σ w). O(d).
  func dot(_ codes: UnsafePointer<UInt8>, scale: Float) -> Float {
    let product = weights.withUnsafeBufferPointer { weights in
      weights.baseAddress.map { Int(assigner_dot_u4_i16(codes, $0, weights.count / 2)) } ?? 0
    }
    return Float(2 * product - 15 * sum) * (0.5 * unit) * scale
  }
}
