// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing
import TestSupport

@testable import Retrieval

@Suite struct WordSearchTests {
  let folder: TemporaryFolder
  var path: String { folder.file("index") }

  init() throws { folder = TemporaryFolder(inMemory: true) }

  /// A builder whose row i has the words of text i.
  private func builder(_ texts: [String]) throws -> CorpusIndexBuilder {
    var clusters = Clusters(dimension: 16)
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 16, modelFingerprint: "m", indexesWords: true))
    for (row, text) in texts.enumerated() {
      try builder.add(IndexRow(vector: clusters.vector(), hashtags: [form("Tag\(row % 3)")], words: words(text)))
    }
    try embedHashtags(&builder, dimension: 16)
    return builder
  }

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  private func index(_ texts: [String]) throws -> CorpusIndex {
    var builder = try builder(texts)
    try builder.write(to: path)
    return try CorpusIndex(path: path)
  }

  @Test func scoresAreTheReferences() throws {
    let golden = try fixture("bm25.json")
    #expect(try golden.number("k1") == Double(BM25.k1) && golden.number("b") == Double(BM25.b))
    #expect(try golden.number("epsilon") == BM25.epsilon && golden.integer("negative") > 0)
    let corpus = try golden.strings("corpus")
    let index = try index(corpus)
    for (query, scores) in zip(try golden.strings("queries"), try golden.array("scores")) {
      guard case .array(let values) = scores else { throw CocoaError(.coderReadCorrupt) }
      let expected = try values.map { value -> Double in
        switch value {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: throw CocoaError(.coderReadCorrupt)
        }
      }
      let found = index.search(words: words(query), count: corpus.count)
      #expect(found.count == expected.count { $0 > 0 })
      for (row, score) in found { #expect(abs(Double(score) - expected[row]) <= 1e-5 * expected[row]) }
      // The order is that of the reference, except for rows that the reference scores equally.
      for (a, b) in zip(found, found.dropFirst()) {
        #expect(a.score > b.score || (a.score == b.score && a.row < b.row))
        #expect(expected[a.row] >= expected[b.row] * (1 - 1e-5))
      }
      #expect(index.search(words: words(query), count: 7).map(\.row) == found.prefix(7).map(\.row))
    }
  }

  @Test func excludedRowsAndOddWishes() throws {
    let index = try index(["flood in kerala", "flood in oslo", "fire in oslo", "quake", "storm"])
    #expect(index.search(words: ["flood", "kerala"]).map(\.row) == [0, 1])
    #expect(index.search(words: ["flood", "kerala"], excluding: [0, 99]).map(\.row) == [1])
    #expect(index.search(words: ["flood"], count: 0).isEmpty && index.search(words: ["flood"], count: -3).isEmpty)
    #expect(index.search(words: []).isEmpty && index.search(words: ["Flood", ""]).isEmpty)
    #expect(index.search(words: [String](repeating: "flood", count: 5000), count: .max).count == 2)
  }

  @Test func wordsOfEveryRowCountNothingRatherThanAgainstIt() throws {
    let index = try index(["the flood", "the fire", "the quake"])
    #expect(index.search(words: ["the", "fire"]).map(\.row) == [1])
    #expect(index.search(words: ["the"]).isEmpty)
  }

  @Test func anIndexWithoutWordsHasNone() throws {
    var (builder, _) = try sampleBuilder(rows: 5)
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(!index.hasWords && index.search(words: ["sample"]).isEmpty && index.statistics().words == nil)
    #expect(!index.file.sections.contains { $0.name.hasPrefix("words/") })
  }

  @Test func addingAndRemovingKeepTheWordsRight() throws {
    var changed = try builder(["flood in kerala", "old words go", "fire in oslo", "flood again"])
    try changed.write(to: path)
    changed = try CorpusIndexBuilder(editing: CorpusIndex(path: path))
    #expect(changed.indexesWords)
    var clusters = Clusters(dimension: 16, seed: 9)
    #expect(throws: RetrievalError.missingWords(row: "@4")) {
      try changed.add(IndexRow(vector: clusters.vector(), hashtags: [form("Tag1")]))
    }
    let isGone = changed.remove(identifier: "@1")
    #expect(isGone)
    try changed.add(IndexRow(vector: clusters.vector(), hashtags: [form("Tag1")], words: words("flood flood in oslo")))
    // A row with a known identifier replaces the earlier row, including its words.
    try changed.add(
      IndexRow(identifier: "a", vector: clusters.vector(), hashtags: [form("Tag1")], words: words("snow in oslo")))
    try changed.add(
      IndexRow(identifier: "a", vector: clusters.vector(), hashtags: [form("Tag1")], words: words("storm in oslo")))
    changed.remove(identifier: "@2")
    try changed.write(to: path)
    let index = try CorpusIndex(path: path)
    // The result equals a new index of the remaining texts.
    let texts = ["flood in kerala", "flood again", "flood flood in oslo", "storm in oslo"]
    let second = folder.file("fresh")
    var fresh = try builder(texts)
    try fresh.write(to: second)
    for name in [
      IndexLayout.wordHashes, IndexLayout.wordOffsets, IndexLayout.wordPostings, IndexLayout.wordWeights,
    ] { #expect(try index.file.bytes(name) == CorpusIndex(path: second).file.bytes(name), "\(name)") }
    #expect(index.search(words: ["fire", "old"]).isEmpty && index.search(words: ["storm"]).map(\.row) == [3])
    // An index that is opened and written again is the same file.
    var again = try CorpusIndexBuilder(editing: index)
    try again.write(to: folder.file("again"))
    #expect(
      try CorpusIndex(path: folder.file("again")).file.bytes(IndexLayout.wordPostings)
        == index.file.bytes(IndexLayout.wordPostings))
  }

  @Test func everythingRemovedLeavesNoWords() throws {
    var builder = try builder(["flood"])
    builder.remove(identifier: "@0")
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    #expect(index.hasWords && index.search(words: ["flood"]).isEmpty)
  }

  // MARK: Damage

  @Test(
    arguments: [
      // No row, a truncated number, a number without an end, a row after the last, a frequency above the maximum.
      [], [0x80], [0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [6], [0, 0, 0, 0], [1, 0xFF, 0xFF, 0x7F],
    ] as [[UInt8]]) func badPostingsAreRefused(bytes: [UInt8])
  {
    #expect(throws: PostingList.Malformed.self) {
      _ = try lengths(bytes, rows: 3)
    }
    // Reading them unchecked gives wrong values but does not trap.
    bytes.withUnsafeBufferPointer { PostingList.forEach($0) { _, _ in } }
  }

  @Test func postingsComeBack() throws {
    var random = SplitMix64(seed: 2)
    for _ in 0..<200 {
      let rows = random.sample(1 + random.next(below: 40), below: 1 << (6 + random.next(below: 12)))
      let postings = rows.map { PostingList.Posting(row: $0, frequency: 1 + random.next(below: 4) * random.next(below: 90)) }
      var bytes: [UInt8] = []
      PostingList.append(postings, to: &bytes)
      let lengths = try lengths(bytes, rows: 1 << 18)
      var read: [PostingList.Posting] = []
      bytes.withUnsafeBufferPointer { buffer in
        PostingList.forEach(buffer) { read.append(PostingList.Posting(row: $0, frequency: $1)) }
      }
      #expect(read == postings)
      #expect(postings.allSatisfy { lengths[$0.row] == $0.frequency })
      #expect(lengths.reduce(0) { $0 + Int($1) } == postings.reduce(0) { $0 + $1.frequency })
    }
  }

  /// The lengths of rows with a single word.
  private func lengths(_ bytes: [UInt8], rows: Int) throws -> [UInt32] {
    var lengths = [UInt32](repeating: 0, count: rows)
    try lengths.withUnsafeMutableBufferPointer { lengths in
      try bytes.withUnsafeBufferPointer { try PostingList.check($0, lengths: lengths) }
    }
    return lengths
  }

  @Test func damagedSectionsAreRefused() throws {
    let whole = try index(["flood in kerala", "flood in oslo", "fire"]).file
    let hashes: [UInt64] = try whole.array(IndexLayout.wordHashes)
    let offsets: [UInt32] = try whole.array(IndexLayout.wordOffsets)
    let weights: [Float] = try whole.array(IndexLayout.wordWeights)
    let changes: [(String, (inout ContainerWriter) throws -> Void)] = [
      (IndexLayout.wordHashes, { try $0.add(IndexLayout.wordHashes, shape: [hashes.count], elements: hashes.reversed()) }),
      (IndexLayout.wordHashes, { try $0.add(IndexLayout.wordHashes, shape: [1], elements: [hashes[0]]) }),
      (IndexLayout.wordOffsets, { try $0.add(IndexLayout.wordOffsets, shape: [offsets.count], elements: offsets.reversed()) }),
      (
        IndexLayout.wordOffsets, { try $0.add(IndexLayout.wordOffsets, shape: [offsets.count], elements: offsets.map { $0 + 1 }) }
      ),
      (IndexLayout.wordPostings, { try $0.add(IndexLayout.wordPostings, shape: [1], elements: [UInt8(0)]) }),
      (
        IndexLayout.wordWeights,
        { try $0.add(IndexLayout.wordWeights, shape: [weights.count], elements: weights.map { -1 - $0 }) }
      ),
      (
        IndexLayout.wordWeights,
        { try $0.add(IndexLayout.wordWeights, shape: [weights.count], elements: weights.map { _ in Float.nan }) }
      ),
      (IndexLayout.wordWeights, { _ in }),
    ]
    for (name, change) in changes {
      var writer = ContainerWriter(kind: .index)
      writer.setMetadata(whole.metadata)
      for section in whole.sections where section.name != "metadata" {
        if section.name == name { try change(&writer) } else { try writer.add(copying: section.name, from: whole) }
      }
      try writer.write(to: folder.file("forged"))
      #expect(throws: ContainerError.self, "\(name)") { try CorpusIndex(path: folder.file("forged")) }
    }
  }

  @Test func wrongBytesBehindRightChecksumsNeverTrap() throws {
    let whole = try index((0..<90).map { "row\($0) flood \($0 % 7) flood fire\($0 % 3)" }).file
    let names = [IndexLayout.wordHashes, IndexLayout.wordOffsets, IndexLayout.wordPostings, IndexLayout.wordWeights]
    var random = SplitMix64(seed: 5)
    var opened = 0
    for round in 0..<400 {
      let victim = names[round % names.count]
      var writer = ContainerWriter(kind: .index)
      writer.setMetadata(whole.metadata)
      for section in whole.sections where section.name != "metadata" {
        guard section.name == victim else {
          try writer.add(copying: section.name, from: whole)
          continue
        }
        var bytes = try whole.bytes(victim)
        for _ in 0...random.next(below: 3) {
          bytes[random.next(below: bytes.count)] = [0, 1, 0x7F, 0x80, 0xFF][random.next(below: 5)]
        }
        try writer.add(victim, type: section.type, shape: section.shape, bytes: bytes)
      }
      try writer.write(to: folder.file("forged"))
      guard let index = try? CorpusIndex(path: folder.file("forged")) else { continue }
      opened += 1
      _ = index.search(words: ["flood", "1", "fire2", "row3"])
      _ = try? CorpusIndexBuilder(editing: index)
    }
    #expect(opened > 20 && opened < 400)
  }

  @Test func ranksFuseByTheirReciprocals() {
    #expect(ReciprocalRank.fuse([[5, 3, 9], [3, 7]], count: 10) == [3, 5, 7, 9])
    #expect(ReciprocalRank.fuse([[2, 1], [1, 2]], count: 1) == [1])
    #expect(ReciprocalRank.fuse([[], [4]], count: 3) == [4])
    #expect(ReciprocalRank.fuse([], count: 3).isEmpty && ReciprocalRank.fuse([[1]], count: -1).isEmpty)
  }

  @Test func similaritiesOfGivenRowsAreTheSearchs() throws {
    var (builder, vectors) = try sampleBuilder()
    try builder.write(to: path)
    let index = try CorpusIndex(path: path)
    let found = index.search(vectors[3], count: 10)
    #expect(index.similarities(of: found.map(\.row), to: vectors[3]) == found)
    #expect(index.similarities(of: [-1, 200, 7], to: vectors[3]).map(\.row) == [7])
    #expect(index.similarities(of: [1], to: [1, 2]).isEmpty)
  }
}
