// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Testing
import TestSupport

@testable import Retrieval

@Suite struct SearchTests {
  @Test func recallOnClusters() throws {
    let (rows, dimension) = (2000, 96)
    var clusters = Clusters(dimension: dimension)
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: dimension, modelFingerprint: "m"))
    let vectors = (0..<rows).map { _ in clusters.vector() }
    for vector in vectors { try builder.add(IndexRow(vector: vector, hashtags: [form("a")])) }
    try embedHashtags(&builder, dimension: dimension)
    let folder = TemporaryFolder(inMemory: true)
    try builder.write(to: folder.file("i"))
    let index = try CorpusIndex(path: folder.file("i"))
    var found = (ten: 0, thirty: 0)
    let queries = 30
    for _ in 0..<queries {
      let query = clusters.vector()
      let cosines = vectors.map { dot(query, $0) }
      let exact = cosines.indices.sorted { cosines[$0] > cosines[$1] }.prefix(30)
      let neighbours = index.search(query, count: 30)
      found.ten += Set(exact.prefix(10)).intersection(neighbours.prefix(10).map(\.row)).count
      found.thirty += Set(exact).intersection(neighbours.map(\.row)).count
      for neighbour in neighbours {
        #expect(abs(neighbour.similarity - cosines[neighbour.row]) < 0.03)
      }
      #expect(neighbours.map(\.similarity) == neighbours.map(\.similarity).sorted(by: >))
    }
    #expect(Double(found.ten) / Double(10 * queries) >= 0.95)
    #expect(Double(found.thirty) / Double(30 * queries) >= 0.95)
  }

  @Test func aRowFindsItselfUnlessExcluded() throws {
    var (builder, vectors) = try sampleBuilder()
    let folder = TemporaryFolder(inMemory: true)
    try builder.write(to: folder.file("i"))
    let index = try CorpusIndex(path: folder.file("i"))
    for row in [0, 31, 32, 199] {
      let first = try #require(index.search(vectors[row], count: 1).first)
      #expect(first.row == row)
      #expect(abs(first.similarity - 1) < 1e-3)
      let others = index.search(vectors[row], count: 200, excluding: [row, 5])
      #expect(others.count == (row == 5 ? 199 : 198))
      #expect(!others.contains { $0.row == row || $0.row == 5 })
    }
  }

  @Test func equalRowsComeInOrder() throws {
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 8, modelFingerprint: "m"))
    let vector = Clusters.normalized([1, 2, 3, 4, 5, 6, 7, 8])
    for _ in 0..<100 { try builder.add(IndexRow(vector: vector, hashtags: [form("a")])) }
    try embedHashtags(&builder, dimension: 8)
    let folder = TemporaryFolder(inMemory: true)
    try builder.write(to: folder.file("i"))
    let index = try CorpusIndex(path: folder.file("i"))
    #expect(index.search(vector, count: 10, depth: 20).map(\.row) == Array(0..<10))
  }

  @Test func oddQueriesGiveNothing() throws {
    var (builder, vectors) = try sampleBuilder(rows: 40)
    let folder = TemporaryFolder(inMemory: true)
    try builder.write(to: folder.file("i"))
    let index = try CorpusIndex(path: folder.file("i"))
    #expect(index.search([1, 2], count: 3).isEmpty)
    #expect(index.search([Float](repeating: .nan, count: 32), count: 3).isEmpty)
    #expect(index.search([Float](repeating: .infinity, count: 32), count: 3).isEmpty)
    #expect(index.search([Float](repeating: 3e38, count: 32), count: 3).isEmpty)
    #expect(index.search(vectors[0], count: 0).isEmpty)
    #expect(index.search(vectors[0], count: -1).isEmpty)
    #expect(index.search(vectors[0], count: 1000).count == 40)
    #expect(index.search([Float](repeating: 0, count: 32), count: 3).map(\.row) == [0, 1, 2])
    #expect(index.relevanceQuery([1]) == nil)
  }

  @Test func topRowsKeepsTheLargestAndTheLowerRow() {
    var random = SplitMix64(seed: 4)
    let sums = (0..<2000).map { _ in UInt16(random.next(below: 50)) }
    var top = TopRows<UInt16>(capacity: 100)
    for row in sums.indices.reversed() { top.insert(sum: sums[row], row: row) }
    let expected = sums.indices.sorted { (sums[$1], $0) < (sums[$0], $1) }.prefix(100)
    #expect(top.rows() == Array(expected))
  }

  /// The sampled blocks of 4,096 rows are near the query and all other rows far away, or the other way round. The bound
  /// that is estimated from the sample is then far too high or far too low.
  @Test(arguments: [true, false]) func aSampleThatMisleadsChangesNothing(near: Bool) throws {
    var clusters = Clusters(dimension: 32)
    let query = clusters.vector()
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 32, modelFingerprint: "m"))
    for row in 0..<4096 {
      let other = clusters.vector()
      let sampled = row / ScanBlocks.rows % 32 == 0
      let vector = sampled == near ? Clusters.normalized(zip(query, other).map { $0 + 0.2 * $1 }) : other
      try builder.add(IndexRow(vector: vector, hashtags: [form("a")]))
    }
    try embedHashtags(&builder, dimension: 32)
    let folder = TemporaryFolder(inMemory: true)
    try builder.write(to: folder.file("i"))
    let index = try CorpusIndex(path: folder.file("i"))
    let tables = ScanTable(index.quantizer.innerProducts(query)).entries
    func scanned(_ ranges: [Range<Int>], _ count: Int, _ excluding: Set<Int> = []) -> [[Int]] {
      index.scan(tables, ranges, count: count, excluding: excluding).map { [$0.row, Int($0.sum)] }.sorted { $0[0] < $1[0] }
    }
    // The search asks for so many rows that no bound is estimated.
    let all = scanned([0..<4096], 4096)
    #expect(all.count == 4096)
    func best(_ ranges: [Range<Int>], _ count: Int, _ excluding: Set<Int> = []) -> [[Int]] {
      let inside = all.filter { row in ranges.contains { $0.contains(row[0]) } && !excluding.contains(row[0]) }
      return inside.sorted { ($1[1], $0[0]) < ($0[1], $1[0]) }.prefix(count).sorted { $0[0] < $1[0] }
    }
    let parts = [7..<1500, 1500..<1533, 1700..<4090]
    for count in [1, 20, 60] {
      #expect(scanned([0..<4096], count) == best([0..<4096], count))
      #expect(scanned(parts, count) == best(parts, count))
      let excluded = Set(best(parts, 30).map { $0[0] })
      #expect(scanned(parts, count, excluded) == best(parts, count, excluded))
    }
  }

  @Test func relevanceIsTheCosine() throws {
    var (builder, _) = try sampleBuilder()
    let folder = TemporaryFolder(inMemory: true)
    try builder.write(to: folder.file("i"))
    let index = try CorpusIndex(path: folder.file("i"))
    let query = embedding(of: "something", 32)
    let prepared = try #require(index.relevanceQuery(query))
    for hashtag in 0..<index.hashtagCount {
      let exact = dot(query, embedding(of: index.normal(hashtag), 32))
      #expect(abs(index.relevance(hashtag, prepared) - exact) < 0.05)
      #expect(abs(dot(query, index.embedding(hashtag)) - index.relevance(hashtag, prepared)) < 1e-4)
    }
  }
}
