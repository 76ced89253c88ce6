// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing
import Text

@testable import Retrieval

/// An index with the first version of the hashtags' normal form, which kept [0-9a-z_] alone.
@Suite struct UpgradeTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.file("index") }

  private func old(_ spelling: String) -> HashtagForm {
    HashtagForm(display: spelling, normal: HashtagNormalForm.ascii(spelling))
  }

  /// Writes an old index of rows with these hashtags.
  private func write(_ rows: [[String]], lists: Int? = nil) throws -> CorpusIndex {
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 4, modelFingerprint: "m", lists: lists))
    for (number, tags) in rows.enumerated() {
      try builder.add(IndexRow(vector: [1, Float(number), 0, 0], hashtags: tags.map(old)))
    }
    try embedHashtags(&builder, dimension: 4)
    for tags in rows {
      let normals = tags.map { old($0).normal }
      builder.recordMentions(words: normals, carried: normals)
    }
    try builder.write(to: path)
    try rewriteMetadata(path) { $0["normal_form"] = nil }
    return try CorpusIndex(path: path)
  }

  @Test func aNewIndexSaysItsVersion() throws {
    var (builder, _) = try sampleBuilder()
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(try index.file.metadata.integer("normal_form") == 2 && index.normalForm == 2 && index.statistics().normalForm == 2)
    try index.checkNormalForm()
    try rewriteMetadata(path) { $0["normal_form"] = 3 }
    #expect(throws: ContainerError.self) { try CorpusIndex(path: path) }
  }

  @Test func anOldIndexIsNeverMixed() throws {
    let index = try write([["Flood"]])
    #expect(index.normalForm == 1 && index.statistics().normalForm == 1)
    let error = RetrievalError.oldNormalForm(path: path, version: 1)
    #expect(throws: error) { try index.checkNormalForm() }
    #expect(throws: error) { try CorpusIndexBuilder(editing: index) }
    #expect(error.exitStatus == .unfitFile && "\(error)".contains("assigner index upgrade --index \(path) --output NEW"))
  }

  @Test func hashtagsGetTheNormalFormOfTheirSpelling() throws {
    let index = try write([
      ["Café", "Flood"], ["Strasse"], ["Straße", "Flood"], ["9_11"], ["9_11", "Flood"], ["Strasse", "Straße"],
    ])
    #expect((0..<index.hashtagCount).map(index.normal) == ["9_11", "caf", "flood", "strae", "strasse"])
    var builder = try CorpusIndexBuilder(upgrading: index)
    #expect(builder.rowCount == 5 && builder.hashtagCount == 3)
    #expect(builder.hashtagsWithoutEmbedding == ["café"])
    try builder.setEmbedding(embedding(of: "café", 4), of: "café")
    let isThere = builder.remove(identifier: "@3")
    #expect(!isThere)
    try builder.write(to: path)
    let new = try CorpusIndex(path: path)
    #expect((0..<new.hashtagCount).map(new.normal) == ["café", "flood", "strasse"] && new.normalForm == 2)
    #expect((0..<new.hashtagCount).map(new.display) == ["Café", "Flood", "Strasse"])
    #expect((0..<new.rowCount).map { Array(new.hashtags(ofRow: $0)) } == [[0, 1], [2], [1, 2], [1], [2]])
    #expect(try (0..<new.rowCount).map { try new.identifier(ofRow: $0) } == ["@0", "@1", "@2", "@4", "@5"])
    // Statistics are added up, embeddings of unchanged forms stay.
    #expect(new.mentions(2) == 4 && new.tagged(2) == 4 && new.mentions(1) == 3)
    let (flood, before) = (new.embedding(1), index.embedding(2))
    #expect(flood == before && new.embedding(2) == index.embedding(4))
    // Once more changes nothing.
    let bytes = TemporaryFolder.read(path)
    var again = try CorpusIndexBuilder(upgrading: new)
    #expect(again.hashtagsWithoutEmbedding == [])
    try again.write(to: path)
    #expect(TemporaryFolder.read(path) == bytes)
  }

  @Test func listsStay() throws {
    let index = try write((0..<12).map { ["Tag\($0 % 3)", "Stürme"] }, lists: 3)
    var builder = try CorpusIndexBuilder(upgrading: index)
    try embedHashtags(&builder, dimension: 4)
    try builder.write(to: path)
    let new = try CorpusIndex(path: path)
    #expect(new.statistics().lists == 3 && new.rowCount == 12)
    #expect(new.lookup("stürme") != nil && new.lookup("strme") == nil)
    let query: [Float] = [1, 5, 0, 0]
    #expect(new.search(query, count: 12).map(\.row) == index.search(query, count: 12).map(\.row))
  }
}
