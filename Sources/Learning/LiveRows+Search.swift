// SPDX-License-Identifier: Apache-2.0

import CKernels
import Retrieval

extension LiveRows {
  /// Rows of which the scan's sums lie in the first-level cache.
  private static let chunk = 64
  /// Rows that are asked for before their turn.
  private static let ahead = 4
  /// Fewer rows are scanned without a sample. The sample of more are some runs of rows, evenly spread.
  private static let leastSampled = 16_384
  private static let runs = 16
  private static let run = 128
  /// Rows whose cosine is reckoned, for a wish of `count`.
  static func depth(count: Int) -> Int { max(160, 8 * count) }

  /// The rows among some whose embeddings have the largest cosine with the query, best first; of equal ones the lower row.
  ///
  /// First an integer scan over the signs of all components picks a few hundred rows, then these are ranked by the products
  /// of the int8 rows. Integers and floats in a fixed order: the same answer on every instruction set and machine.
  ///
  /// - Complexity: O(rows × d / 8) bytes read, plus O(depth × d).
  func search(_ query: QuantizedRow, in rows: Range<Int>, count: Int) -> [Neighbour] {
    guard query.values.count == dimension, !rows.isEmpty, count > 0, query.scale > 0 else { return [] }
    let table = SignTable(query, pairs: RowSegment.pairs(dimension: dimension)).entries
    let wanted = min(rows.count, Self.depth(count: count))
    let least = likelyLeast(table, rows, wanted)
    var found = TopRows<UInt16>(capacity: wanted, threshold: least)
    scan(table, rows, into: &found)
    if least > 0, found.count < wanted {
      found = TopRows<UInt16>(capacity: wanted)
      scan(table, rows, into: &found)
    }
    var best = TopRows<UInt32>(capacity: min(rows.count, count))
    let near = found.anyOrder()
    for (number, (row, _)) in near.enumerated() {
      if number + Self.ahead < near.count { fetch(near[number + Self.ahead].row) }
      best.insert(sum: Self.ordered(cosine(query, row)), row: row)
    }
    return best.entries().map { Neighbour(row: $0.row, similarity: Self.cosine(ordered: $0.sum)) }
  }

  /// A lower bound of the sums that probably more than `wanted` rows reach: that which three times their share of some sampled
  /// rows reaches. A scan that starts from it keeps hundreds of rows for a moment instead of thousands. 0 for few rows.
  private func likelyLeast(_ table: [UInt8], _ rows: Range<Int>, _ wanted: Int) -> UInt16 {
    guard rows.count >= Self.leastSampled else { return 0 }
    var sample = TopRows<UInt16>(capacity: 3 * wanted * Self.runs * Self.run / rows.count + 1)
    for number in 0..<Self.runs {
      let first = rows.lowerBound + rows.count / Self.runs * number
      scan(table, first..<first + Self.run, into: &sample)
    }
    return sample.entries().last?.sum ?? 0
  }

  private func scan(_ table: [UInt8], _ rows: Range<Int>, into best: inout TopRows<UInt16>) {
    let width = Int(ASSIGNER_SCAN_BLOCK)
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Self.chunk * width) { scratch in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.chunk) { masks in
        guard let sums = scratch.baseAddress, let found = masks.baseAddress else { return }
        for (segment, base, inside) in segments(of: rows) {
          let blocks = inside.lowerBound / width..<(inside.upperBound + width - 1) / width
          segment.codes.withUnsafeBufferPointer { codes in
            guard let codes = codes.baseAddress else { return }
            for first in stride(from: blocks.lowerBound, to: blocks.upperBound, by: Self.chunk) {
              let number = min(Self.chunk, blocks.upperBound - first)
              assigner_pq_scan(
                codes + first * segment.pairs * width, table, segment.pairs, number, sums, best.threshold, found)
              for block in 0..<number {
                var hits = found[block]
                while hits != 0 {
                  let offset = block * width + hits.trailingZeroBitCount
                  hits &= hits - 1
                  if inside.contains(first * width + offset) {
                    best.insert(sum: sums[offset], row: base + first * width + offset)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private func fetch(_ row: Int) {
    let (segment, place) = place(of: row)
    segment.values.withUnsafeBufferPointer { values in
      for byte in stride(from: 0, to: dimension, by: 64) {
        assigner_prefetch(values.baseAddress.map { $0 + place * dimension + byte })
      }
    }
  }

  private func cosine(_ query: QuantizedRow, _ row: Int) -> Float {
    let (segment, place) = place(of: row)
    let sum = query.values.withUnsafeBufferPointer { query in
      segment.values.withUnsafeBufferPointer { values in
        let row = UnsafeBufferPointer(rebasing: values[place * dimension..<(place + 1) * dimension])
        var sum: Int32 = 0
        for j in 0..<query.count { sum &+= Int32(Int16(query[j]) &* Int16(row[j])) }
        return sum
      }
    }
    return min(1, max(-1, Float(sum) * (query.scale * segment.scales[place])))
  }

  /// Cosines as integers in the same order.
  private static func ordered(_ cosine: Float) -> UInt32 {
    let bits = cosine.bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }

  private static func cosine(ordered bits: UInt32) -> Float {
    Float(bitPattern: bits >> 31 == 1 ? bits ^ 1 << 31 : ~bits)
  }
}

/// A query's products with all patterns of signs of four components, in 8 bits, as `assigner_pq_scan` looks them up.
private struct SignTable {
  /// [2 × pairs, 16].
  let entries: [UInt8]

  init(_ query: QuantizedRow, pairs: Int) {
    func component(_ part: Int, _ bit: Int) -> Int {
      part * 4 + bit < query.values.count ? Int(query.values[part * 4 + bit]) : 0
    }
    var widest = 1
    for part in 0..<2 * pairs { widest = max(widest, (0..<4).reduce(0) { $0 + abs(component(part, $1)) }) }
    entries = [UInt8](unsafeUninitializedCapacity: 32 * pairs) { entries, count in
      for part in 0..<2 * pairs {
        let (a, b, c, d) = (component(part, 0), component(part, 1), component(part, 2), component(part, 3))
        let size = abs(a) + abs(b) + abs(c) + abs(d)
        for pattern in 0..<16 {
          // From 0 where every sign differs to 2 × size where every one agrees.
          let product =
            (pattern & 1 == 0 ? -a : a) + (pattern & 2 == 0 ? -b : b) + (pattern & 4 == 0 ? -c : c) + (pattern & 8 == 0 ? -d : d)
          entries[part * 16 + pattern] = UInt8((size + product) * 255 / (2 * widest))
        }
      }
      count = 32 * pairs
    }
  }
}
