// SPDX-License-Identifier: Apache-2.0

import CKernels

extension CorpusIndex {
  /// Blocks per kernel call, so that their sums stay in the L1 cache.
  private static let chunk = 128
  /// One block in 32 is sampled before a scan.
  private static let sampled = 32

  /// The `count` rows with the largest sums of table entries, with these sums, in no particular order. O(rows × M).
  ///
  /// - Parameter ranges: the ranges of rows to scan, none of them empty.
  func scan(
    _ tables: [UInt8], _ ranges: [Range<Int>], count: Int, excluding: Set<Int>
  ) -> [(row: Int, sum: UInt16)] {
    func best(from least: UInt16) -> TopRows<UInt16> {
      var best = TopRows<UInt16>(capacity: count, threshold: least)
      for range in ranges { scan(tables, range, into: &best, excluding: excluding) }
      return best
    }
    let guess = likelyLeast(tables, ranges, count: count)
    var found = best(from: guess)
    if guess > 0, found.count < count { found = best(from: 0) }
    return found.anyOrder()
  }

  /// A lower bound of the sums that probably more than `count` rows reach; 0 if there are too few rows to estimate it.
  ///
  /// It is the sum that three times the wanted share of the rows in a few sampled blocks reach. A scan that starts from
  /// this bound inserts hundreds of rows instead of thousands.
  private func likelyLeast(_ tables: [UInt8], _ ranges: [Range<Int>], count: Int) -> UInt16 {
    let step = Self.sampled * ScanBlocks.rows
    let rows = ranges.reduce(0) { $0 + $1.count }
    guard rows >= 2 * Self.sampled * count else { return 0 }
    let looked = ranges.reduce(0) { $0 + ($1.count + step - 1) / step * ScanBlocks.rows }
    var best = TopRows<UInt16>(capacity: max(16, 3 * count * looked / rows))
    for range in ranges {
      for first in stride(from: range.lowerBound, to: range.upperBound, by: step) {
        scan(tables, first..<min(first + ScanBlocks.rows, range.upperBound), into: &best, excluding: [])
      }
    }
    return best.entries().last?.sum ?? 0
  }

  /// Inserts the rows of one range.
  private func scan(
    _ tables: [UInt8], _ range: Range<Int>, into best: inout TopRows<UInt16>, excluding: Set<Int>
  ) {
    let pairs = quantizer.subquantizers / 2
    // The first and last block of a range may also hold rows outside it.
    let blocks = range.lowerBound / ScanBlocks.rows..<ScanBlocks.count(rows: range.upperBound)
    let size = min(Self.chunk, blocks.count)
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: size * ScanBlocks.rows) { scratch in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: size) { masks in
        guard let codes = codes.baseAddress, let sums = scratch.baseAddress, let found = masks.baseAddress else { return }
        for first in stride(from: blocks.lowerBound, to: blocks.upperBound, by: size) {
          let number = min(size, blocks.upperBound - first)
          assigner_pq_scan(codes + first * pairs * ScanBlocks.rows, tables, pairs, number, sums, best.threshold, found)
          let start = first * ScanBlocks.rows
          let inside = max(0, range.lowerBound - start)..<min(number * ScanBlocks.rows, range.upperBound - start)
          for block in inside.lowerBound / ScanBlocks.rows..<ScanBlocks.count(rows: inside.upperBound) {
            var rows = found[block]
            while rows != 0 {
              let offset = block * ScanBlocks.rows + rows.trailingZeroBitCount
              rows &= rows - 1
              guard inside.contains(offset), excluding.isEmpty || !excluding.contains(start + offset) else { continue }
              best.insert(sum: sums[offset], row: start + offset)
            }
          }
        }
      }
    }
  }
}
