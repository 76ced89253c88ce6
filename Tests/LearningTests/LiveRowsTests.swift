// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Learning

/// Searching the live rows.
@Suite struct LiveRowsTests {
  private func rows(_ count: Int, limit: Int = .max / 4, dimension: Int = 64) -> LiveRows {
    var rows = LiveRows(dimension: dimension, limit: limit)
    for row in 0..<count {
      rows.append(
        QuantizedRow(Samples.vector(UInt64(row % 5000), dimension: dimension)), words: [], hashtags: [], author: nil)
      while rows.overdue != nil { rows.removeFirst() }
    }
    return rows
  }

  /// The exact order by int8 products.
  private func exact(_ query: QuantizedRow, _ rows: LiveRows, in range: Range<Int>, count: Int) -> [Int] {
    let scored = range.map { row in
      let (segment, place) = rows.place(of: row)
      let values = segment.values[place * rows.dimension..<(place + 1) * rows.dimension]
      return (row: row, score: Float(zip(query.values, values).reduce(0) { $0 + Int($1.0) * Int($1.1) }) * segment.scales[place])
    }
    return scored.sorted { ($1.score, $0.row) < ($0.score, $1.row) }.prefix(count).map(\.row)
  }

  @Test func findsTheNearestOfAnyRange() {
    let rows = rows(9000)
    // A handful of rows is ranked as a whole.
    for range in [0..<200, 31..<250, 4000..<4200, 8990..<9000, 17..<18, 5..<5] {
      let query = QuantizedRow(Samples.vector(99_999, dimension: 64))
      let found = rows.search(query, in: range, count: 10)
      #expect(found.map(\.row) == exact(query, rows, in: range, count: 10))
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
    }
  }

  /// A scan of many rows starts from a sample's bound. Near rows lie anywhere, or all of them in the sample, which then
  /// promises more than there are.
  @Test(arguments: [Array(stride(from: 100, to: 16_384, by: 517)), Array(0..<64)])
  func theSampleHidesNothing(_ near: [Int]) {
    let vector = Samples.vector(99_999, dimension: 64)
    var rows = LiveRows(dimension: 64, limit: 1 << 20)
    for row in 0..<16_384 {
      var own = Samples.vector(UInt64(row), dimension: 64)
      if near.contains(row) { own = zip(own, vector).map { (0.6 * $0 + $1) / 1.5 } }
      rows.append(QuantizedRow(own), words: [], hashtags: [], author: nil)
    }
    let query = QuantizedRow(vector)
    let found = rows.search(query, in: 0..<16_384, count: 20).map(\.row)
    #expect(found == exact(query, rows, in: 0..<16_384, count: 20))
    #expect(found.allSatisfy(near.contains))
  }

  @Test func missesFewAmongMany() {
    // The signs of as many components as an encoder makes say enough.
    let rows = rows(4000, dimension: 384)
    var hits = 0
    for seed in 0..<20 {
      let query = QuantizedRow(Samples.vector(1_000_000 + UInt64(seed), dimension: 384))
      let right = Set(exact(query, rows, in: 0..<4000, count: 10))
      hits += rows.search(query, in: 0..<4000, count: 10).count { right.contains($0.row) }
    }
    #expect(hits >= 180)
  }

  @Test func aRowFindsItselfAndEqualOnesInTheirOrder() {
    let rows = rows(9000)
    let found = rows.search(QuantizedRow(Samples.vector(777, dimension: 64)), in: 0..<9000, count: 2)
    #expect(found.map(\.row) == [777, 5777])
    #expect(found[0].similarity == found[1].similarity && abs(found[0].similarity - 1) < 0.01)
  }

  @Test func theOldestAreForgotten() {
    let rows = rows(20_000, limit: 100)
    #expect(rows.visible == 19_900..<20_000)
    #expect(rows.start == 20_000 - 100 - LiveRows.slack)
    let query = QuantizedRow(Samples.vector(3, dimension: 64))
    #expect(rows.search(query, in: rows.visible, count: 100).map(\.row).sorted() == Array(rows.visible))
  }

  @Test func oddWidthsAndBrokenVectors() {
    for dimension in [1, 2, 7, 15, 16, 33, 1100] {
      let rows = rows(50, dimension: dimension)
      let query = QuantizedRow(Samples.vector(20, dimension: dimension))
      #expect(rows.search(query, in: 0..<50, count: 50).count == 50)
      if dimension > 2 { #expect(rows.search(query, in: 0..<50, count: 1).map(\.row) == [20]) }
    }
    let rows = rows(50)
    #expect(rows.search(QuantizedRow([Float](repeating: 0, count: 64)), in: 0..<50, count: 5).isEmpty)
    #expect(rows.search(QuantizedRow([Float](repeating: .nan, count: 64)), in: 0..<50, count: 5).isEmpty)
    #expect(rows.search(QuantizedRow([1]), in: 0..<50, count: 5).isEmpty)
    #expect(QuantizedRow(values: [-128], scale: 1) == nil)
    #expect(QuantizedRow(values: [1], scale: .nan) == nil && QuantizedRow(values: [1], scale: -1) == nil)
  }
}
