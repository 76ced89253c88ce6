// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing
import TestSupport

@testable import Retrieval

@Suite struct IndexFileTests {
  let folder: TemporaryFolder
  var path: String { folder.file("index") }

  init() throws { folder = TemporaryFolder(inMemory: true) }

  @Test func whatGoesInComesOut() throws {
    var (builder, _) = try sampleBuilder(keepsText: true)
    builder.recordMentions(words: ["tag1", "tag1", "common", "unknown"], carried: ["tag1"])
    builder.recordMentions(words: ["tag1"], carried: ["common"])
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    try index.file.verify()
    #expect(index.rowCount == 200 && index.hashtagCount == 8 && index.dimension == 32)
    #expect(index.modelFingerprint == "0123456789abcdef")
    let tag = try #require(index.lookup("tag1"))
    let common = try #require(index.lookup("common"))
    #expect(index.display(tag) == "Tag1" && index.normal(tag) == "tag1")
    #expect(index.lookup("Tag1") == nil && index.lookup("") == nil)
    #expect(index.frequency(tag) == 29 && index.frequency(common) == 67)
    #expect(index.mentions(tag) == 2 && index.tagged(tag) == 1)
    #expect(index.mentions(common) == 1 && index.tagged(common) == 0)
    #expect(Array(index.hashtags(ofRow: 15)).map(index.display) == ["Common", "Tag1"])
    #expect(try index.identifier(ofRow: 15) == "@15")
    let texts = try #require(try index.texts())
    #expect(texts[7] == "sample text 7" && texts.count == 200)
    let statistics = index.statistics(top: 1)
    #expect(statistics.rows == 200 && statistics.occurrences == 267 && statistics.keepsText)
    #expect(statistics.top.map(\.hashtag) == ["Common"])
    #expect(statistics.reconstruction.fine > 0.99 && statistics.reconstruction.fine > statistics.reconstruction.coarse)
  }

  @Test func sameRowsSameBytes() throws {
    var (first, _) = try sampleBuilder(named: true)
    var (second, _) = try sampleBuilder(named: true)
    try first.write(to: folder.file("a"))
    try second.write(to: folder.file("b"))
    let (a, b) = (try bytes("a"), try bytes("b"))
    #expect(a == b)
    // An index that is opened and written again is the same file.
    var third = try CorpusIndexBuilder(editing: CorpusIndex(path: folder.file("a")))
    try third.write(to: folder.file("c"))
    let c = try bytes("c")
    #expect(a == c)
  }

  @Test func aChangedIndexKeepsItsAffixes() throws {
    var (builder, _) = try sampleBuilder()
    #expect(builder.isNew)
    builder.affixes = [Affix(display: "Floods", before: 0, after: 9), Affix(display: "PrayFor", before: 8, after: 0)]
    try builder.write(to: path)
    var changed = try CorpusIndexBuilder(editing: CorpusIndex(path: path))
    #expect(!changed.isNew && changed.remove(hashtag: "common") == 67)
    try changed.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(index.affixes == builder.affixes && index.affixes.map(\.normal) == ["floods", "prayfor"])
  }

  @Test func keptTextIsOptional() throws {
    var (builder, _) = try sampleBuilder()
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(try index.texts() == nil)
    #expect(!index.file.contains(IndexLayout.identifiers))
    var keeping = try CorpusIndexBuilder(IndexOptions(dimension: 2, modelFingerprint: "m", keepsText: true))
    #expect(throws: RetrievalError.missingText(row: "@0")) {
      try keeping.add(IndexRow(vector: [1, 0], hashtags: [form("a")]))
    }
  }

  @Test func removedRowsLeaveOtherIdentifiersAlone() throws {
    var (builder, vectors) = try sampleBuilder()
    try builder.write(to: path)
    var editor = try CorpusIndexBuilder(editing: CorpusIndex(path: path))
    let removed = editor.remove(identifier: "@3")
    #expect(removed)
    let again = editor.remove(identifier: "@3")
    #expect(!again)
    let unknown = editor.remove(identifier: "no such")
    #expect(!unknown)
    try editor.write(to: path)
    let smaller = try CorpusIndex(path: path)
    #expect(smaller.rowCount == 199)
    for row in [4, 100, 199] {
      let found = try #require(smaller.search(vectors[row], count: 1).first)
      #expect(try smaller.identifier(ofRow: found.row) == "@\(row)")
    }
    // No running number is used twice.
    editor = try CorpusIndexBuilder(editing: smaller)
    let last = editor.remove(identifier: "@199")
    #expect(last)
    try editor.add(IndexRow(vector: vectors[3], hashtags: [form("tag1")]))
    try editor.write(to: path)
    let larger = try CorpusIndex(path: path)
    #expect(larger.rowCount == 199)
    #expect(try larger.identifier(ofRow: 198) == "@200")
  }

  @Test func madeNamesAndGivenIdsNeverMeet() throws {
    var (builder, vectors) = try sampleBuilder(rows: 4)
    func add(_ id: String?) throws {
      try builder.add(IndexRow(identifier: id, vector: vectors[0], hashtags: [form("tag1")]))
    }
    for id in ["0", "2", "7", "@0", "@@0", "@4", "@x", "@", "-1"] { try add(id) }
    try add(nil)
    #expect(builder.rowCount == 14)
    // Adding the same ids again replaces their rows.
    for id in ["0", "@0", "@@0"] { try add(id) }
    #expect(builder.rowCount == 14)
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    let names = try Set((0..<index.rowCount).map { try index.identifier(ofRow: $0) })
    #expect(names == ["@0", "@1", "@2", "@3", "@4", "0", "2", "7", "@@0", "@@@0", "@@4", "@x", "@", "-1"])
    var editor = try CorpusIndexBuilder(editing: index)
    for (name, isThere) in [("1", false), ("@1", true), ("@1", false), ("@@0", true), ("0", true), ("@0", true)] {
      let isRemoved = editor.remove(identifier: name)
      #expect(isRemoved == isThere, "\(name)")
    }
    try editor.write(to: path)
    #expect(try CorpusIndex(path: path).rowCount == 10)
  }

  /// Files with version 1 of the row names: running numbers were bare; rows/identifiers was absent if each row had its number.
  @Test(arguments: [0, 200]) func oldNamesAreRead(nextNumber: Int) throws {
    var (builder, vectors) = try sampleBuilder()
    try builder.write(to: path)
    try rewriteMetadata(path) {
      $0["rowNames"] = nil
      $0["nextNumber"] = .integer(nextNumber)
    }
    let old = try CorpusIndex(path: path)
    #expect(try old.identifier(ofRow: 17) == "17")
    var editor = try CorpusIndexBuilder(editing: old)
    try editor.add(IndexRow(identifier: "17", vector: vectors[0], hashtags: [form("tag1")]))
    // Given ids are replaced; rows with made numbers stay.
    #expect(editor.rowCount == (nextNumber == 0 ? 200 : 201))
    let isRemoved = editor.remove(identifier: "18")
    #expect(isRemoved)
    try editor.write(to: path)
    let new = try CorpusIndex(path: path)
    #expect(try new.identifier(ofRow: 3) == (nextNumber == 0 ? "3" : "@3"))
  }

  @Test func aSpellingThatIsNoHashtagIsNotShown() throws {
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 2, modelFingerprint: "m"))
    let spellings = ["River\ntown", "New York", "esc\u{1B}[31m", "Été", "flood\u{FE0F}", "two"]
    for spelling in spellings { try builder.add(IndexRow(vector: [1, 0], hashtags: [form(spelling)])) }
    try embedHashtags(&builder, dimension: 2)
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    let shown = Set((0..<index.hashtagCount).map(index.display))
    #expect(shown == Set(spellings.map { ["Été", "two"].contains($0) ? $0 : form($0).normal }))
  }

  @Test func removedHashtagTakesLonelyRowsAlong() throws {
    var (builder, _) = try sampleBuilder()
    try builder.write(to: path)
    var editor = try CorpusIndexBuilder(editing: CorpusIndex(path: path))
    let carriers = editor.remove(hashtag: "tag2")
    #expect(carriers == 29)
    let carriersLeft = editor.remove(hashtag: "tag2")
    #expect(carriersLeft == 0)
    let neverThere = editor.remove(hashtag: "never")
    #expect(neverThere == 0)
    try editor.write(to: path)
    let index = try CorpusIndex(path: path)
    // Rows 2, 9, 16 … carried it; those divisible by 3 carry #Common as well and stay.
    let lonely = (0..<200).count { $0 % 7 == 2 && $0 % 3 != 0 }
    #expect(index.rowCount == 200 - lonely)
    #expect(index.lookup("tag2") == nil && index.hashtagCount == 7)
    #expect((0..<index.rowCount).allSatisfy { !index.hashtags(ofRow: $0).isEmpty })
  }

  @Test func everythingRemovedIsAnEmptyIndex() throws {
    var (builder, vectors) = try sampleBuilder(rows: 5)
    for row in 0..<5 {
      let outcome8 = builder.remove(identifier: "@\(row)")
      #expect(outcome8)
    }
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(index.rowCount == 0 && index.hashtagCount == 0)
    #expect(index.search(vectors[0]).isEmpty)
    #expect(index.lookup("tag1") == nil)
    #expect(index.statistics().bytesPerRow == 0)
    // The index can grow again.
    var editor = try CorpusIndexBuilder(editing: index)
    try editor.add(IndexRow(vector: vectors[0], hashtags: [form("New")]))
    #expect(editor.hashtagsWithoutEmbedding == ["new"])
    try embedHashtags(&editor, dimension: 32)
    try editor.write(to: path)
    #expect(try CorpusIndex(path: path).search(vectors[0]).count == 1)
  }

  @Test func addedRowsMergeHashtagsAndReplaceTheirOwnKind() throws {
    var (builder, vectors) = try sampleBuilder(named: true)
    try builder.write(to: path)
    var editor = try CorpusIndexBuilder(editing: CorpusIndex(path: path))
    try editor.add(IndexRow(identifier: "tweet-3", vector: vectors[0], hashtags: [form("TAG1"), form("Fresh"), form("fresh")]))
    let withoutHashtags = try editor.add(IndexRow(vector: vectors[0], hashtags: []))
    #expect(!withoutHashtags)
    let withoutNormalForm = try editor.add(IndexRow(vector: vectors[0], hashtags: [HashtagForm(display: "…", normal: "")]))
    #expect(!withoutNormalForm)
    #expect(editor.hashtagsWithoutEmbedding == ["fresh"])
    let before = try bytes("index")
    #expect(throws: RetrievalError.missingEmbedding(hashtag: "fresh")) { try editor.write(to: path) }
    let after = try bytes("index")
    #expect(before == after)
    try embedHashtags(&editor, dimension: 32)
    try editor.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(index.rowCount == 200)
    #expect(try index.identifier(ofRow: 199) == "tweet-3")
    #expect(Array(index.hashtags(ofRow: 199)).map(index.display) == ["Fresh", "Tag1"])
  }

  @Test func theMostFrequentSpellingIsShown() throws {
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 2, modelFingerprint: "m"))
    for spelling in ["flood", "FLOOD", "Flood", "FLOOD", "Zoo", "zoo"] {
      try builder.add(IndexRow(vector: [1, 0], hashtags: [form(spelling)]))
    }
    try embedHashtags(&builder, dimension: 2)
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(index.display(0) == "FLOOD" && index.display(1) == "Zoo")
  }

  @Test func badVectorsAreRefused() throws {
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 4, modelFingerprint: "m"))
    for vector: [Float] in [[], [1, 2, 3], [1, 2, 3, .nan], [1, 2, 3, .infinity], [1, 2, 3, 1e30]] {
      #expect(throws: RetrievalError.self) { try builder.add(IndexRow(vector: vector, hashtags: [form("a")])) }
    }
    #expect(throws: RetrievalError.noRows) { try builder.write(to: path) }
    #expect(throws: RetrievalError.self) { try CorpusIndexBuilder(IndexOptions(dimension: 5, modelFingerprint: "m")) }
    // A zero vector is unusual but harmless.
    try builder.add(IndexRow(vector: [0, 0, 0, 0], hashtags: [form("a")]))
    try embedHashtags(&builder, dimension: 4)
    try builder.write(to: path)
    #expect(try CorpusIndex(path: path).search([1, 0, 0, 0]).count == 1)
  }

  @Test func rowsAfterTrainingAreEncodedAsTheyCome() throws {
    var clusters = Clusters(dimension: 16)
    var options = IndexOptions(dimension: 16, modelFingerprint: "m")
    options.trainingRows = 64
    var builder = try CorpusIndexBuilder(options)
    let vectors = (0..<100).map { _ in clusters.vector() }
    for vector in vectors { try builder.add(IndexRow(vector: vector, hashtags: [form("a")])) }
    #expect(builder.waiting.isEmpty)
    try embedHashtags(&builder, dimension: 16)
    try builder.write(to: path)
    #expect(try CorpusIndex(path: path).search(vectors[99], count: 1).map(\.row) == [99])
  }

  /// The same weights with another vocabulary, tokenizer or pooling give other vectors.
  @Test func aFingerprintKnowsTokenizersAndPooling() throws {
    func fingerprint(_ metadata: JSONValue, pieces: UInt8 = 1) throws -> String {
      var writer = ContainerWriter(kind: .model)
      writer.setMetadata(metadata)
      try writer.addCompressed("text/encoder.pieces", [pieces])
      try writer.addCompressed("text/generator.pieces", [7])
      try writer.write(to: folder.file("model"))
      return ModelFingerprint.of(try ContainerFile(path: folder.file("model")))
    }
    func described(_ space: Bool, _ tokenizer: String = "encoder", pooling: String = "mean") -> JSONValue {
      let encoder: JSONValue = ["sections": ["pieces": "text/encoder.pieces"], "addsPrefixSpace": .bool(space)]
      return [
        "retriever": ["tokenizer": .string(tokenizer), "pooling": .string(pooling)], "selector": [:],
        "tokenizers": ["encoder": encoder, "generator": ["sections": ["pieces": "text/generator.pieces"]]],
      ]
    }
    let known = try fingerprint(described(false))
    #expect(try fingerprint(described(false)) == known)
    #expect(try fingerprint(described(false), pieces: 2) != known)
    #expect(try fingerprint(described(true)) != known)
    #expect(try fingerprint(described(false, "generator")) != known)
    #expect(try fingerprint(described(false, pooling: "cls")) != known)
    #expect(try fingerprint([:]) == fingerprint([:], pieces: 2))
  }

  @Test func anotherModelIsRefused() throws {
    var (builder, _) = try sampleBuilder(rows: 20)
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    func model(_ weight: Float, generator: Float) throws -> ContainerFile {
      var writer = ContainerWriter(kind: .model)
      writer.setMetadata(["aliases": ["selector/w": "retriever/w"]])
      try writer.add("retriever/w", shape: [1], elements: [weight])
      try writer.add("generator/w", shape: [1], elements: [generator])
      try writer.write(to: folder.file("model"))
      return try ContainerFile(path: folder.file("model"))
    }
    let fingerprint = ModelFingerprint.of(try model(1, generator: 1))
    #expect(fingerprint.count == 16)
    #expect(ModelFingerprint.of(try model(1, generator: 2)) == fingerprint)
    #expect(ModelFingerprint.of(try model(2, generator: 1)) != fingerprint)
    let other = try model(1, generator: 1)
    #expect(throws: RetrievalError.otherModel(path: path, index: "0123456789abcdef", model: fingerprint)) {
      try index.check(model: other, dimension: 32)
    }
    let error = RetrievalError.otherDimension(path: path, index: 32, model: 384)
    #expect(throws: error) { try index.check(model: other, dimension: 384) }
    #expect(error.exitStatus == .unfitFile && error.description.contains("build the index again"))
    #expect(throws: ContainerError.self) { try CorpusIndex(file: other) }
  }

  @Test func whatAKilledWriterLeavesDoesNoHarm() throws {
    var (builder, vectors) = try sampleBuilder()
    try builder.write(to: path)
    // A killed writer leaves a half-written file.
    let part = try Array(bytes("index").prefix(5000))
    try Data(part).write(to: URL(fileURLWithPath: folder.file(".index.4242.0.part")))
    #expect(try CorpusIndex(path: path).search(vectors[1], count: 1).map(\.row) == [1])
    try builder.write(to: path)
    #expect(throws: RetrievalError.self) { try builder.write(to: folder.file("no/such/folder")) }
    #expect(try CorpusIndex(path: path).rowCount == 200)
  }

  @Test func aRunningReaderKeepsItsIndex() throws {
    var (builder, vectors) = try sampleBuilder()
    try builder.write(to: path)
    let reader = try CorpusIndex(path: path)
    let before = reader.search(vectors[10])
    builder.remove(hashtag: "common")
    try builder.write(to: path)
    #expect(reader.search(vectors[10]) == before)
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
  }
}
