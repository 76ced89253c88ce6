// SPDX-License-Identifier: Apache-2.0

import CKernels

extension CorpusIndex {
  /// Rows that are re-ranked for a wish of `count` neighbours, where the caller does not say.
  package static func defaultDepth(count: Int) -> Int { max(256, 8 * count) }

  /// The rows whose embeddings have the largest cosine with the query, best first; of equal ones the lower row.
  ///
  /// First an integer scan of all rows' codes picks `depth` of them (Jégou et al. 2011, asymmetric distances), then these
  /// are ranked by a finer form: x̂ plus its residual in 4 bits. Integers and floats in a fixed order: the same answer on
  /// every instruction set and machine. Of the exact top 10 of 112,078 rows drawn like tweets' it finds 95.6 % with 96
  /// sub-quantisers and 96.4 % with 128 (d = 384, 500 queries, default depth).
  ///
  /// - Parameters:
  ///   - query: d components, of length 1 if similarities shall be cosines. Another width is the caller's mistake and
  ///     gives no neighbours, and so does a component that is not finite.
  ///   - count: how many neighbours; fewer come if there are fewer rows.
  ///   - excluding: rows to leave out (the query's own row, its near-duplicates).
  ///   - depth: rows to re-rank; at least `count`.
  ///   - probes: of an index with lists, how many of them are looked at; nil for its own choice. All of them find what a
  ///     search without lists does.
  /// - Complexity: O(N M) bytes read, plus O(depth × d); with lists a share of N, plus O(L d).
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
    // Twice as many as are wanted, since the scan's sums are a little coarser than the products.
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

  /// A number whose bits compare like the float.
  static func ordered(_ value: Float) -> UInt32 {
    // -0 is 0.
    let bits = (value + 0).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }

  /// The similarities of some rows with the query, as `search` gives them. Rows outside the index are left out, and so are
  /// all where the query is none. O(rows × d).
  package func similarities(of rows: [Int], to query: [Float]) -> [Neighbour] {
    guard query.count == dimension, query.allSatisfy({ abs($0) <= 1e6 }) else { return [] }
    return similarities(of: rows.filter { (0..<rowCount).contains($0) }, quantizer.innerProducts(query), FourBitQuery(query))
  }

  /// What a row's codes, residual and factor stand for: its embedding, up to their error.
  package func vector(ofRow row: Int) -> [Float] {
    let packed = ScanBlocks.row(row, codes, pairs: quantizer.subquantizers / 2)
    let coarse = quantizer.decode(ScanBlocks.unpack(packed))
    let fine = FourBitRow.decode(
      UnsafeBufferPointer(rebasing: residuals[row * dimension / 2..<(row + 1) * dimension / 2]), scale: scales[2 * row])
    return zip(coarse, fine).map { ($0 + $1) * scales[2 * row + 1] }
  }

  /// How many rows ahead of the one being ranked are asked for: they lie far apart, and each would be waited for.
  private static let ahead = 8

  /// Asks for what `similarity` reads of a row.
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

  /// q · (x̂ + residual) of a row, times its factor. Nothing but its residual is read: its codes lie scattered over a block.
  ///
  /// - Parameter coarse: q · x̂.
  private func similarity(_ row: Int, coarse: Float, _ fine: FourBitQuery) -> Float {
    guard let residuals = residuals.baseAddress else { return 0 }
    let residual = fine.dot(residuals + row * (dimension / 2), scale: scales[2 * row])
    return min(1, max(-1, (coarse + residual) * scales[2 * row + 1]))
  }
}
