// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// Embeddings drawn from the distribution of an index's rows.
///
/// The method is a smoothed bootstrap (Silverman, Density Estimation, 1986, section 6.4.1) within clusters. A row a of a
/// cluster with mean m becomes
///
///     x = m + (a - m + h ε) / √(1 + h²),   ε = (b - c) / √2
///
/// where b and c are two more rows of the cluster. ε has the cluster's covariance, and x keeps it. Then x is scaled to
/// length 1.
package struct SyntheticRows {
  package let dimension: Int
  /// [rows, d]
  private let vectors: [Float]
  private let clusterOfRow: [UInt32]
  private let members: [[UInt32]]
  /// [clusters, d]
  private let means: [Float]
  private var random: SplitMix64

  /// h: a small value repeats rows, a large one turns every cluster into a Gaussian.
  private static let smoothing: Float = 0.5
  private static let clusters = 256

  /// - Parameter index: an index with at least one row.
  package init(index: CorpusIndex, seed: UInt64) {
    dimension = index.dimension
    random = SplitMix64(seed: seed)
    let vectors = (0..<index.rowCount).flatMap { index.vector(ofRow: $0) }
    let count = min(Self.clusters, index.rowCount)
    let quantizer = CoarseQuantizer.train(rows: index.rowCount, lists: count, dimension: dimension, seed: seed) {
      index.vector(ofRow: $0)
    }
    clusterOfRow = quantizer.assign(vectors)
    var members = [[UInt32]](repeating: [], count: count)
    var means = [Float](repeating: 0, count: count * dimension)
    for (row, cluster) in clusterOfRow.enumerated() {
      members[Int(cluster)].append(UInt32(row))
      for component in 0..<dimension { means[Int(cluster) * dimension + component] += vectors[row * dimension + component] }
    }
    for cluster in 0..<count {
      for component in 0..<dimension { means[cluster * dimension + component] /= Float(max(1, members[cluster].count)) }
    }
    (self.vectors, self.members, self.means) = (vectors, members, means)
  }

  /// Draws one more row. O(d).
  package mutating func next() -> [Float] {
    let row = random.next(below: clusterOfRow.count)
    let cluster = Int(clusterOfRow[row])
    let (a, mean) = (row * dimension, cluster * dimension)
    let b = Int(members[cluster][random.next(below: members[cluster].count)]) * dimension
    let c = Int(members[cluster][random.next(below: members[cluster].count)]) * dimension
    let h = Self.smoothing / Float(2).squareRoot()
    let shrink = 1 / (1 + Self.smoothing * Self.smoothing).squareRoot()
    return vectors.withUnsafeBufferPointer { vectors in
      means.withUnsafeBufferPointer { means in
        var square: Float = 0
        var drawn = [Float](unsafeUninitializedCapacity: dimension) { drawn, count in
          for component in 0..<dimension {
            let centre = means[mean + component]
            let noise = h * (vectors[b + component] - vectors[c + component])
            let value = centre + shrink * (vectors[a + component] - centre + noise)
            square += value * value
            drawn[component] = value
          }
          count = dimension
        }
        let length = max(square.squareRoot(), 1e-12)
        for component in 0..<dimension { drawn[component] /= length }
        return drawn
      }
    }
  }
}
