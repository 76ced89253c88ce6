// SPDX-License-Identifier: Apache-2.0
/// Assigns each row to the list of the unit centroid with the largest inner product.
///
/// This is the inverted file of Jégou et al. 2011, section IV, except that it stores codes of the rows themselves. The
/// centroids come from the spherical k-means of Dhillon and Modha (Machine Learning 42, 2001).
///
/// Centroids are stored in 4 bits. The stored form chooses the lists both when rows are added and when they are searched.
package struct CoarseQuantizer: Sendable, Equatable {
  /// L.
  let count: Int
  /// d.
  let dimension: Int
  /// [L, d/2] and [L], as `FourBitRow` has them.
  let codes: [UInt8]
  let scales: [Float]
  /// The decoded centroids.
  private let centroids: PackedCentroids

  /// Training rows per list.
  private static let sample = 32
  private static let iterations = 6
  /// A smaller index is searched just as fast without lists.
  static let leastRows = 1 << 18
  static let maximumLists = 1 << 16

  /// The default number of lists: 0 for a small index, otherwise the smallest power of two that is at least √N.
  static func defaultLists(rows: Int) -> Int {
    var lists = 1
    while rows >= leastRows, lists * lists < rows { lists *= 2 }
    return lists > 1 ? lists : 0
  }

  init(codes: [UInt8], scales: [Float], dimension: Int) {
    (self.codes, self.scales, self.dimension, count) = (codes, scales, dimension, scales.count)
    let decoded = codes.withUnsafeBufferPointer { codes in
      scales.indices.flatMap { list in
        FourBitRow.decode(
          UnsafeBufferPointer(rebasing: codes[list * dimension / 2..<(list + 1) * dimension / 2]), scale: scales[list])
      }
    }
    centroids = PackedCentroids(decoded, dimension: dimension)
  }

  /// Learns `lists` centroids from a sample of the rows.
  ///
  /// - Parameters:
  ///   - lists: from 1 to `rows`.
  ///   - vector: returns the d components of a row.
  /// - Complexity: O(iterations × sample × lists² × d).
  package static func train(
    rows: Int, lists: Int, dimension: Int, seed: UInt64, vector: (Int) -> [Float]
  ) -> CoarseQuantizer {
    var random = SplitMix64(seed: seed)
    let chosen = random.sample(min(rows, lists * sample), below: rows)
    let vectors = chosen.flatMap(vector)
    let first = random.sample(lists, below: chosen.count)
    var centroids = first.flatMap { unit(vectors[$0 * dimension..<($0 + 1) * dimension]) }
    for _ in 0..<iterations {
      let assigned = PackedCentroids(centroids, dimension: dimension).nearest(vectors)
      var sums = [Float](repeating: 0, count: lists * dimension)
      for (row, list) in assigned.enumerated() {
        for component in 0..<dimension { sums[Int(list) * dimension + component] += vectors[row * dimension + component] }
      }
      centroids = (0..<lists).flatMap { list in
        let mean = unit(sums[list * dimension..<(list + 1) * dimension])
        if !mean.allSatisfy({ $0 == 0 }) { return mean }
        // An empty list restarts at a random row.
        let row = random.next(below: chosen.count)
        return unit(vectors[row * dimension..<(row + 1) * dimension])
      }
    }
    var codes: [UInt8] = []
    var scales: [Float] = []
    for list in 0..<lists {
      let (bytes, scale) = FourBitRow.encode(Array(centroids[list * dimension..<(list + 1) * dimension]))
      codes += bytes
      scales.append(scale)
    }
    return CoarseQuantizer(codes: codes, scales: scales, dimension: dimension)
  }

  /// The list of each row of `vectors` [n, d]. O(n × L × d).
  package func assign(_ vectors: [Float]) -> [UInt32] { centroids.nearest(vectors) }

  private static func unit(_ vector: ArraySlice<Float>) -> [Float] {
    let square = vector.reduce(0) { $0 + $1 * $1 }
    return square > 0 ? vector.map { $0 / square.squareRoot() } : Array(vector)
  }
}
