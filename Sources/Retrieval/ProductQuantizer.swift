// SPDX-License-Identifier: Apache-2.0
/// A product quantiser with 4-bit codes, as `assigner_pq_scan` reads them (Jégou, Douze and Schmid, "Product Quantization
/// for Nearest Neighbor Search", TPAMI 2011).
///
/// It splits a vector of d components into M parts of d/M components and replaces each part by the nearest of that part's
/// 16 centroids, so a row takes M/2 bytes. It does not rotate the vectors. On tweet embeddings, neither a random rotation
/// nor principal components with balanced variances improves the recall at 10 of the codes alone (0.60 and 0.42, against
/// 0.63 without), and skipping the rotation saves a matrix product per search.
struct ProductQuantizer: Sendable, Equatable {
  /// Centroids per sub-quantiser: the values of 4 bits.
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

  /// Why a quantiser cannot have these sizes; nil if it can.
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

  /// The default M: the largest even divisor of d up to d/4 (96 for 384), the usual 4 bits per four components.
  ///
  /// A third more codes make the scan much slower and improve recall very little once 256 rows are re-ranked.
  static func defaultSubquantizers(dimension: Int) -> Int {
    let most = min(maximumSubquantizers, dimension / 4)
    return stride(from: most & ~1, to: 2, by: -2).first { dimension.isMultiple(of: $0) } ?? 2
  }

  /// - Parameter codebooks: [M, 16, d/M], finite. The caller has checked the sizes with `objection`.
  init(dimension: Int, subquantizers: Int, codebooks: [Float]) {
    precondition(codebooks.count == dimension * Self.centroids)
    self.dimension = dimension
    self.subquantizers = subquantizers
    self.codebooks = codebooks
  }

  /// The nearest centroid of each part; ties go to the lowest. O(16 d).
  ///
  /// It sums plain floats in a fixed order instead of calling BLAS, so that adding rows to an index gives the same bytes on
  /// every machine.
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

  /// The reconstruction x̂: the centroid of each part. O(d).
  func decode(_ codes: [UInt8]) -> [Float] {
    var vector: [Float] = []
    vector.reserveCapacity(dimension)
    for (part, code) in codes.enumerated() {
      let entry = (part * Self.centroids + Int(code & 15)) * width
      vector += codebooks[entry..<entry + width]
    }
    return vector
  }

  /// Products of the query's parts with all centroids, [M, 16]. q · x̂ is the sum of one entry per part. O(16 d).
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
