// SPDX-License-Identifier: Apache-2.0

import CKernels

extension CorpusIndex {
  /// The default number of rows that a search for `count` neighbours re-ranks.
  package static func defaultDepth(count: Int) -> Int { max(256, 8 * count) }

  /// The rows whose embeddings have the largest cosine with the query, best first; ties go to the lower row.
  ///
  /// First an integer scan over the codes of all rows selects `depth` candidates (Jégou et al. 2011, asymmetric distances).
  /// Then a finer form ranks them: x̂ plus its residual in 4 bits. Integers and floats are summed in a fixed order, so
  /// every instruction set and machine gives the same answer. Of the exact top 10 of 112,078 rows that are drawn to
  /// resemble tweets, it finds 95.6 % with 96 sub-quantisers and 96.4 % with 128 (d = 384, 500 queries, default depth).
  ///
  /// - Parameters:
  ///   - query: d components, of length 1 if similarities are to be cosines. A query of another width, or with a component
  ///     that is not finite, is a caller's mistake and gives no neighbours.
  ///   - count: the number of neighbours; an index with fewer rows returns fewer.
  ///   - excluding: rows to skip (the query's own row, its near-duplicates).
  ///   - depth: rows to re-rank; at least `count`.
  ///   - probes: the number of lists to search in an index with lists; nil for the default. Searching all lists gives the
  ///     same result as an index without lists.
  /// - Complexity: O(N M) bytes read, plus O(depth × d). With lists: a fraction of N, plus O(L d).
  package func search(
    _ query: [Float], count: Int = 30, excluding: Set<Int> = [], depth: Int? = nil, probes: Int? = nil
  ) -> [Neighbour] {
    guard query.count == dimension, count > 0, rowCount > 0, query.allSatisfy({ abs($0) <= 1e6 }) else { return [] }
    let wanted = min(rowCount, max(count, depth ?? Self.defaultDepth(count: count)))
    let products = quantizer.innerProducts(query)
    let table = ScanTable(products)
    let fine = FourBitQuery(query)
    let ranges = lists.map {
      $0.ranges(
        near: fine, probes: probes ?? InvertedLists.defaultProbes(lists: $0.count, rows: rowCount),
        least: wanted + excluding.count)
    }
    // Keep twice as many as wanted: the scan's sums are slightly coarser than the products.
    var best = TopRows<UInt32>(capacity: min(rowCount, 2 * count))
    let found = scan(table.entries, ranges ?? [0..<rowCount], count: wanted, excluding: excluding)
    for (place, (row, sum)) in found.enumerated() {
      if place + Self.ahead < found.count { fetchResidual(ofRow: found[place + Self.ahead].row) }
      best.insert(sum: Self.ordered(similarity(row, coarse: table.product(sum), fine)), row: row)
    }
    return Array(
      similarities(of: best.rows(), products, fine)
        .sorted { ($1.similarity, $0.row) < ($0.similarity, $1.row) }.prefix(count))
  }

  /// Maps a float to an integer with the same order.
  static func ordered(_ value: Float) -> UInt32 {
    // Adding 0 turns -0 into 0.
    let bits = (value + 0).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }

  /// The similarities of the given rows with the query, as `search` computes them. O(rows × d).
  ///
  /// Rows outside the index are left out. An invalid query gives an empty result.
  package func similarities(of rows: [Int], to query: [Float]) -> [Neighbour] {
    guard query.count == dimension, query.allSatisfy({ abs($0) <= 1e6 }) else { return [] }
    return similarities(of: rows.filter { (0..<rowCount).contains($0) }, quantizer.innerProducts(query), FourBitQuery(query))
  }

  /// A row's embedding, decoded from its codes, residual and factor, up to their error.
  package func vector(ofRow row: Int) -> [Float] {
    let packed = ScanBlocks.row(row, codes, pairs: quantizer.subquantizers / 2)
    let coarse = quantizer.decode(ScanBlocks.unpack(packed))
    let fine = FourBitRow.decode(
      UnsafeBufferPointer(rebasing: residuals[row * dimension / 2..<(row + 1) * dimension / 2]), scale: scales[2 * row])
    return zip(coarse, fine).map { ($0 + $1) * scales[2 * row + 1] }
  }

  /// The prefetch distance in rows. The rows lie far apart in memory, so each would cost a cache miss.
  private static let ahead = 8

  /// Prefetches what `similarity` reads of a row.
  private func fetchResidual(ofRow row: Int) {
    guard let residuals = residuals.baseAddress, let scales = scales.baseAddress else { return }
    let (start, cacheLine) = (residuals + row * (dimension / 2), 64)
    for byte in stride(from: 0, to: dimension / 2, by: cacheLine) { assigner_prefetch(start + byte) }
    assigner_prefetch(scales + 2 * row)
  }

  private func similarities(of rows: [Int], _ products: [Float], _ fine: FourBitQuery) -> [Neighbour] {
    let pairs = quantizer.subquantizers / 2
    return rows.map { row in
      let start = row / ScanBlocks.rows * pairs * ScanBlocks.rows + row % ScanBlocks.rows
      var coarse: Float = 0
      for pair in 0..<pairs {
        let code = Int(codes[start + pair * ScanBlocks.rows])
        coarse += products[pair * 32 + code & 15]
        coarse += products[pair * 32 + 16 + code >> 4]
      }
      return Neighbour(row: row, similarity: similarity(row, coarse: coarse, fine))
    }
  }

  /// q · (x̂ + residual) of a row, times its factor.
  ///
  /// It reads only the row's residual, because the row's codes lie scattered over a block.
  ///
  /// - Parameter coarse: q · x̂.
  private func similarity(_ row: Int, coarse: Float, _ fine: FourBitQuery) -> Float {
    guard let residuals = residuals.baseAddress else { return 0 }
    let residual = fine.dot(residuals + row * (dimension / 2), scale: scales[2 * row])
    return min(1, max(-1, (coarse + residual) * scales[2 * row + 1]))
  }
}
