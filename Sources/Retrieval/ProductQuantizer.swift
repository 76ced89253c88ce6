// SPDX-License-Identifier: Apache-2.0
/// A product quantiser with 4-bit codes (Jégou, Douze and Schmid, "Product Quantization for Nearest Neighbour Search",
/// TPAMI 2011; 4 bits for the scan of `assigner_pq_scan`).
///
/// A vector of d components is cut into M parts of d/M; each is replaced by the nearest of its part's 16 centroids, so a
/// row takes M/2 bytes. No rotation: on tweet embeddings neither a random one nor principal components with balanced
/// variances gains anything (recall at 10 of the codes alone: 0.60 and 0.42, against 0.63 without), and searching saves
/// a matrix product.
struct ProductQuantizer: Sendable, Equatable {
  /// Centroids of each sub-quantiser: what 4 bits number.
  static let centroids = 16
  /// More would overflow the scan's 16-bit sums.
  static let maximumSubquantizers = 256

  /// d.
  let dimension: Int
  /// M.
  let subquantizers: Int
  /// [M, 16, d/M].
  let codebooks: [Float]

  /// d/M.
  var width: Int { dimension / subquantizers }

  /// Why a quantiser cannot have these sizes, nil where it can.
  static func objection(dimension: Int, subquantizers: Int) -> String? {
    guard dimension > 0, dimension.isMultiple(of: 2), dimension <= FourBitRow.maximumDimension else {
      return "dimension \(dimension) is not even and in 2...\(FourBitRow.maximumDimension)"
    }
    guard subquantizers > 0, subquantizers.isMultiple(of: 2), subquantizers <= maximumSubquantizers,
      dimension.isMultiple(of: subquantizers)
    else {
      return "\(subquantizers) sub-quantisers are not an even divisor of \(dimension) in 2...\(maximumSubquantizers)"
    }
    return nil
  }

  /// The M that is taken where nobody chooses: the largest even divisor of d up to d/4 (96 for 384), 4 bits for four
  /// components, as usual. A third more are read so much more slowly, and find hardly more once 256 rows are ranked again.
  static func defaultSubquantizers(dimension: Int) -> Int {
    let most = min(maximumSubquantizers, dimension / 4)
    return stride(from: most & ~1, to: 2, by: -2).first { dimension.isMultiple(of: $0) } ?? 2
  }

  /// - Parameter codebooks: [M, 16, d/M], finite. The caller has asked `objection`.
  init(dimension: Int, subquantizers: Int, codebooks: [Float]) {
    precondition(codebooks.count == dimension * Self.centroids)
    self.dimension = dimension
    self.subquantizers = subquantizers
    self.codebooks = codebooks
  }

  /// The number of the nearest centroid of each part; of equally near ones the lowest. Plain fixed-order floats rather
  /// than BLAS, so that adding rows to an index gives the same bytes on every machine. O(16 d).
  func encode(_ vector: [Float]) -> [UInt8] {
    var codes = [UInt8](repeating: 0, count: subquantizers)
    for part in 0..<subquantizers {
      var best: Float = .infinity
      for centroid in 0..<Self.centroids {
        let entry = (part * Self.centroids + centroid) * width
        var distance: Float = 0
        for component in 0..<width {
          let difference = vector[part * width + component] - codebooks[entry + component]
          distance += difference * difference
        }
        if distance < best {
          best = distance
          codes[part] = UInt8(centroid)
        }
      }
    }
    return codes
  }

  /// The centroids in place of the parts: x̂. O(d).
  func decode(_ codes: [UInt8]) -> [Float] {
    var vector: [Float] = []
    vector.reserveCapacity(dimension)
    for (part, code) in codes.enumerated() {
      let entry = (part * Self.centroids + Int(code & 15)) * width
      vector += codebooks[entry..<entry + width]
    }
    return vector
  }

  /// Products of the query's parts with all centroids, [M, 16]: q · x̂ is the sum of one entry for each part. O(16 d).
  func innerProducts(_ query: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: subquantizers * Self.centroids) { table, count in
      count = table.count
      query.withUnsafeBufferPointer { query in
        codebooks.withUnsafeBufferPointer { codebooks in
          for entry in table.indices {
            let first = entry / Self.centroids * width
            var sum: Float = 0
            for component in 0..<width { sum += query[first + component] * codebooks[entry * width + component] }
            table[entry] = sum
          }
        }
      }
    }
  }
}
