// SPDX-License-Identifier: Apache-2.0

extension ProductQuantizer {
  /// Trains the codebooks. The same vectors and seed give the same codebooks on every machine.
  ///
  /// - Parameters:
  ///   - vectors: row-major [rows, dimension], at least one row, finite.
  ///   - sample: the maximum number of training rows, drawn by `seed`. A few thousand per centroid are enough.
  /// - Complexity: O(iterations × sample × 16 × dimension).
  static func train(
    _ vectors: UnsafeBufferPointer<Float>, dimension: Int, subquantizers: Int, sample: Int = 32768,
    iterations: Int = 20, seed: UInt64
  ) throws(RetrievalError) -> ProductQuantizer {
    if let objection = objection(dimension: dimension, subquantizers: subquantizers) { throw .shape(objection) }
    let rows = vectors.count / dimension
    guard rows > 0 else { throw .noRows }
    var random = SplitMix64(seed: seed)
    let chosen = random.sample(min(rows, max(1, sample)), below: rows)
    let width = dimension / subquantizers
    var codebooks: [Float] = []
    codebooks.reserveCapacity(dimension * centroids)
    for part in 0..<subquantizers {
      var columns: [Float] = []
      columns.reserveCapacity(chosen.count * width)
      for row in chosen {
        let start = row * dimension + part * width
        columns += vectors[start..<start + width]
      }
      let means = KMeans(vectors: columns, width: width, iterations: iterations)
      codebooks += means.train(using: &random)
    }
    return ProductQuantizer(dimension: dimension, subquantizers: subquantizers, codebooks: codebooks)
  }
}
