// SPDX-License-Identifier: Apache-2.0
/// Lloyd's k-means on one part of the training vectors; gives the 16 centroids of a 4-bit code.
///
/// Every sum has a fixed order and no fused multiply-add, so the same seed gives the same codebooks on every machine.
struct KMeans {
  /// The part's components of the training vectors, [rows, width], contiguous so that they fit the cache.
  let vectors: [Float]
  let width: Int
  let iterations: Int

  private let clusters = ProductQuantizer.centroids
  private var rows: Int { vectors.count / width }

  /// The centroids, [clusters, width]. O(iterations × rows × clusters × width).
  func train(using random: inout SplitMix64) -> [Float] {
    var centroids = initial(using: &random)
    var assignment = [Int](repeating: 0, count: rows)
    for _ in 0..<iterations {
      assign(centroids, &assignment)
      centroids = means(of: assignment, previous: centroids)
    }
    return centroids
  }

  /// Distinct training rows, if there are enough.
  private func initial(using random: inout SplitMix64) -> [Float] {
    let chosen = random.sample(clusters, below: rows)
    return (0..<clusters).flatMap { cluster -> [Float] in
      let start = chosen[cluster % chosen.count] * width
      return Array(vectors[start..<start + width])
    }
  }

  /// The nearest centroid of every row: the largest x · c − ½ |c|²; ties go to the lowest. Each SIMD lane is one centroid.
  private func assign(_ centroids: [Float], _ assignment: inout [Int]) {
    let columns = (0..<width).map { component in
      SIMD16<Float>((0..<clusters).map { centroids[$0 * width + component] })
    }
    let halves = columns.reduce(SIMD16<Float>.zero) { $0 + $1 * $1 } / 2
    for row in 0..<rows {
      var scores = -halves
      for component in 0..<width { scores += vectors[row * width + component] * columns[component] }
      var best = -Float.infinity
      for cluster in 0..<clusters where scores[cluster] > best {
        best = scores[cluster]
        assignment[row] = cluster
      }
    }
  }

  /// The means of the clusters. An empty cluster moves next to the largest, and the next round divides the rows between the
  /// two.
  private func means(of assignment: [Int], previous: [Float]) -> [Float] {
    var sums = [Double](repeating: 0, count: clusters * width)
    var counts = [Int](repeating: 0, count: clusters)
    for (row, cluster) in assignment.enumerated() {
      counts[cluster] += 1
      for component in 0..<width {
        sums[cluster * width + component] += Double(vectors[row * width + component])
      }
    }
    var centroids = previous
    for cluster in 0..<clusters where counts[cluster] > 0 {
      for component in 0..<width {
        centroids[cluster * width + component] = Float(sums[cluster * width + component] / Double(counts[cluster]))
      }
    }
    for cluster in 0..<clusters where counts[cluster] == 0 {
      guard let largest = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[largest] > 1 else { break }
      for component in 0..<width {
        let nudge: Float = component.isMultiple(of: 2) ? 1 / 1024 : -1 / 1024
        centroids[cluster * width + component] = centroids[largest * width + component] * (1 + nudge)
        centroids[largest * width + component] *= 1 - nudge
      }
      counts[cluster] = counts[largest] / 2
      counts[largest] -= counts[cluster]
    }
    return centroids
  }
}
