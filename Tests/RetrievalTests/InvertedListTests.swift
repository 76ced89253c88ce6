// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing
import TestSupport

@testable import Retrieval

/// Indexes with lists: searching all lists gives the same answers, a few lists nearly the same, also after changes to the
/// index.
@Suite struct InvertedListTests {
  private let folder: TemporaryFolder

  init() throws { folder = TemporaryFolder(inMemory: true) }

  /// The sample rows in `lists` lists.
  private func make(_ name: String, rows: Int, lists: Int?, dimension: Int = 32) throws -> (
    index: CorpusIndex, vectors: [[Float]]
  ) {
    var clusters = Clusters(dimension: dimension)
    var builder = try CorpusIndexBuilder(
      IndexOptions(dimension: dimension, modelFingerprint: "f", keepsText: true, indexesWords: true, seed: 3, lists: lists))
    let vectors = (0..<rows).map { _ in clusters.vector() }
    for (row, vector) in vectors.enumerated() {
      try builder.add(
        IndexRow(
          identifier: "tweet-\(row)", vector: vector, hashtags: [form("Tag\(row % 7)"), form("Row\(row)")],
          text: "text \(row)", words: ["word\(row)", "common"]))
    }
    try embedHashtags(&builder, dimension: dimension)
    try builder.write(to: folder.file(name))
    return (try CorpusIndex(path: folder.file(name)), vectors)
  }

  private func names(_ index: CorpusIndex, _ query: [Float], probes: Int? = nil, excluding: Set<Int> = []) throws -> [String] {
    try index.search(query, count: 10, excluding: excluding, depth: 100, probes: probes).map {
      try index.identifier(ofRow: $0.row)
    }
  }

  @Test func allListsFindWhatAnIndexWithoutListsFinds() throws {
    let (flat, vectors) = try make("flat", rows: 900, lists: 0)
    let (listed, _) = try make("listed", rows: 900, lists: 13)
    #expect(flat.statistics().lists == 0 && listed.statistics().lists == 13)
    for query in vectors.prefix(40) {
      #expect(try names(listed, query, probes: 13) == names(flat, query))
      #expect(try names(flat, query, probes: 1) == names(flat, query))
    }
  }

  @Test func aFewListsFindMostOfIt() throws {
    let (listed, vectors) = try make("listed", rows: 4000, lists: 64)
    var hits = 0
    for query in vectors.prefix(100) {
      let all = try names(listed, query, probes: 64)
      let few = try names(listed, query, probes: 8)
      hits += Set(all).intersection(few).count
      #expect(few.first == all.first)
    }
    #expect(hits >= 950, "\(hits) of 1000")
    // A search that asks for more rows than its lists hold reads more lists.
    #expect(listed.search(vectors[0], count: 500, depth: 500, probes: 1).count == 500)
  }

  @Test func everythingOfARowMovesWithIt() throws {
    let (listed, vectors) = try make("listed", rows: 300, lists: 9)
    let texts = try #require(try listed.texts())
    for (place, vector) in vectors.enumerated() {
      let row = try #require(listed.search(vector, count: 1, depth: 20).first?.row)
      #expect(try listed.identifier(ofRow: row) == "tweet-\(place)")
      #expect(texts[row] == "text \(place)")
      #expect(Set(listed.hashtags(ofRow: row).map(listed.display)) == ["Tag\(place % 7)", "Row\(place)"])
      #expect(listed.search(words: ["word\(place)"], count: 1).map(\.row) == [row])
    }
  }

  @Test func excludedRowsAreLeftOut() throws {
    let (listed, vectors) = try make("listed", rows: 500, lists: 10)
    let nearest = listed.search(vectors[3], count: 20, depth: 50, probes: 1).map(\.row)
    let others = listed.search(vectors[3], count: 20, excluding: Set(nearest), depth: 50, probes: 1).map(\.row)
    #expect(others.count == 20 && Set(others).isDisjoint(with: nearest))
  }

  @Test func addedRowsJoinTheListsAndRemovedOnesLeave() throws {
    let (listed, vectors) = try make("listed", rows: 600, lists: 12)
    var editor = try CorpusIndexBuilder(editing: listed)
    var clusters = Clusters(dimension: 32, seed: 5)
    let added = (0..<50).map { _ in clusters.vector() }
    for (row, vector) in added.enumerated() {
      try editor.add(
        IndexRow(identifier: "new-\(row)", vector: vector, hashtags: [form("New")], text: "new", words: ["new"]))
    }
    for row in stride(from: 0, to: 600, by: 3) { editor.remove(identifier: "tweet-\(row)") }
    try embedHashtags(&editor, dimension: 32)
    try editor.write(to: folder.file("edited"))
    let edited = try CorpusIndex(path: folder.file("edited"))
    #expect(edited.rowCount == 450 && edited.lists?.count == 12)
    #expect(edited.lists?.scales.elementsEqual(try #require(listed.lists).scales) == true)
    for (row, vector) in added.enumerated() { #expect(try names(edited, vector, probes: 2).first == "new-\(row)") }
    for (row, vector) in vectors.enumerated() {
      #expect(try (names(edited, vector, probes: 2).first == "tweet-\(row)") == !row.isMultiple(of: 3))
    }
    // Writing the unchanged index again gives the same bytes.
    var same = try CorpusIndexBuilder(editing: edited)
    try same.write(to: folder.file("again"))
    #expect(
      try FileManager.default.contents(atPath: folder.file("again"))
        == FileManager.default.contents(atPath: folder.file("edited")))
  }

  @Test func oddNumbersOfLists() throws {
    #expect(try make("few", rows: 5, lists: 40).index.lists?.count == 5)
    #expect(try make("one", rows: 50, lists: 1).index.lists?.count == 1)
    #expect(try make("none", rows: 50, lists: nil).index.lists == nil)
    #expect(CoarseQuantizer.defaultLists(rows: 1 << 18) == 512)
    #expect(CoarseQuantizer.defaultLists(rows: 1_000_000) == 1024 && CoarseQuantizer.defaultLists(rows: 10_000_000) == 4096)
    #expect(CoarseQuantizer.defaultLists(rows: 0) == 0 && CoarseQuantizer.defaultLists(rows: 200_000) == 0)
    #expect(InvertedLists.defaultProbes(lists: 512, rows: 1 << 18) == 80)
    #expect(InvertedLists.defaultProbes(lists: 4096, rows: 10_000_000) == 16)
  }

  /// 24 components do not fill a register, 70 rows not a chunk, and 37 centroids not a panel.
  @Test(arguments: [24, 32, 384]) func aRowIsPutIntoTheListOfItsNearestCentroid(dimension: Int) {
    var clusters = Clusters(dimension: dimension)
    let centroids = (0..<37).map { _ in clusters.vector() }
    let rows = (0..<70).map { _ in clusters.vector() }
    func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let chosen = PackedCentroids(centroids.flatMap(\.self), dimension: dimension).nearest(rows.flatMap(\.self))
    #expect(chosen.count == rows.count)
    for (row, list) in zip(rows, chosen) {
      let best = centroids.map { product(row, $0) }.max() ?? 0
      // Vectors of length 1 in 8 bits: the chosen centroid is hardly worse than the best.
      #expect(product(row, centroids[Int(list)]) > best - 0.01)
    }
    let same = PackedCentroids(Array(repeating: centroids[0], count: 20).flatMap(\.self), dimension: dimension)
    #expect(same.nearest(rows[0]) == [0])
    #expect(same.nearest([Float](repeating: 0, count: dimension)) == [0] && same.nearest([]).isEmpty)
  }

  @Test(arguments: [
    [UInt32](repeating: 9, count: 6), [0, 10, 5, 60, 70, 80], [0, 10, 20, 30, 40, 81], [1, 10, 20, 30, 40, 80],
    [0, 4_000_000_000, 20, 30, 40, 80], [0, 80], [],
  ]) func damagedOffsetsAreRefused(offsets: [UInt32]) throws {
    _ = try make("whole", rows: 80, lists: 5)
    let file = try ContainerFile(path: folder.file("whole"))
    var writer = ContainerWriter(kind: .index)
    writer.setMetadata(file.metadata)
    for section in file.sections where section.name != "metadata" {
      if section.name == IndexLayout.listOffsets {
        try writer.add(section.name, shape: [offsets.count], elements: offsets)
      } else {
        try writer.add(copying: section.name, from: file)
      }
    }
    try writer.write(to: folder.file("forged"))
    #expect(throws: ContainerError.self) { try CorpusIndex(path: folder.file("forged")) }
  }

  @Test(arguments: [JSONValue.integer(4), 0, -1, .integer(.max), 6, "5", 65537])
  func anotherNumberOfListsIsRefused(value: JSONValue) throws {
    _ = try make("whole", rows: 80, lists: 5)
    let file = try ContainerFile(path: folder.file("whole"))
    guard case .object(var members) = file.metadata else { return }
    members["lists"] = value
    var writer = ContainerWriter(kind: .index)
    writer.setMetadata(.object(members))
    for section in file.sections where section.name != "metadata" { try writer.add(copying: section.name, from: file) }
    try writer.write(to: folder.file("forged"))
    #expect(throws: ContainerError.self) { try CorpusIndex(path: folder.file("forged")) }
  }
}
