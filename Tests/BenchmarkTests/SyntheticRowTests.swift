// SPDX-License-Identifier: Apache-2.0

import Retrieval
import TestSupport
import Testing

@testable import Benchmark

/// Rows drawn from the distribution of an index's rows.
@Suite struct SyntheticRowTests {
  private let folder = TemporaryFolder()

  @Test func exactNeighboursAreThoseWithTheLargestProducts() {
    var exact = ExactNeighbours(of: [[1, 0], [0, 1]], count: 2)
    for row in [[Float(0.5), 0.1], [0.9, 0.2], [0.5, 0.8], [0.9, -1]] { exact.add(row) }
    #expect(exact.found == [[1, 3], [2, 1]])
  }

  @Test func rowsAreUnitVectorsOfTheIndexesClusters() throws {
    // Two distant clusters: each drawn row lies near one of them, in about the same proportion as the index's rows.
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 8, modelFingerprint: "f", subquantizers: 4))
    for row in 0..<300 {
      var vector = [Float](repeating: 0.02 * Float(row % 5), count: 8)
      vector[row % 3 == 0 ? 0 : 7] = 1
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      try builder.add(IndexRow(vector: vector.map { $0 / length }, hashtags: [HashtagForm(display: "a", normal: "a")]))
    }
    try builder.setEmbedding([1, 0, 0, 0, 0, 0, 0, 0], of: "a")
    let path = folder.file("index")
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    var (one, again) = (SyntheticRows(index: index, seed: 4), SyntheticRows(index: index, seed: 4))
    var first = 0
    for _ in 0..<900 {
      let row = one.next()
      #expect(row == again.next())
      #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
      #expect(max(row[0], row[7]) > 0.8)
      if row[0] > row[7] { first += 1 }
    }
    #expect((240...360).contains(first))
  }
}
