// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing
import TestSupport

@testable import Retrieval

/// A damaged index file gives an error or an answer, never a trap.
@Suite struct CorruptIndexTests {
  let folder: TemporaryFolder
  let whole: [UInt8]
  let query: [Float]

  init() throws {
    folder = TemporaryFolder(inMemory: true)
    var (builder, vectors) = try sampleBuilder(rows: 70, dimension: 16, keepsText: true, named: true, lists: 4)
    builder.affixes = [Affix(display: "Floods", before: 0, after: 9), Affix(display: "PrayFor", before: 8, after: 7)]
    try builder.write(to: folder.file("whole"))
    whole = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("whole"))))
    query = vectors[0]
  }

  /// Opens a file and calls everything that an index offers.
  /// - Returns: whether the file opened.
  private func exercise(_ path: String, rewriting: Bool) -> Bool {
    guard let index = try? CorpusIndex(path: path) else { return false }
    let neighbours = index.search(query, count: 20)
    if let prepared = index.relevanceQuery([Float](repeating: 0.1, count: index.dimension)) {
      for neighbour in neighbours {
        for hashtag in index.hashtags(ofRow: neighbour.row) { _ = index.relevance(hashtag, prepared) }
      }
    }
    for hashtag in 0..<index.hashtagCount {
      _ = (index.lookup(index.normal(hashtag)), index.display(hashtag), index.mentions(hashtag), index.tagged(hashtag))
    }
    for row in 0..<index.rowCount { _ = try? index.identifier(ofRow: row) }
    _ = try? index.texts()
    _ = (index.statistics(), index.affixes.map(\.normal))
    if rewriting, var editor = try? CorpusIndexBuilder(editing: index) {
      _ = try? editor.add(IndexRow(vector: [Float](repeating: 0.1, count: index.dimension), hashtags: [form("tag1")]))
      _ = try? editor.write(to: folder.file("rewritten"))
    }
    return true
  }

  private func write(_ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file("damaged")))
    return folder.file("damaged")
  }

  @Test func cutFilesAreRefused() throws {
    for length in stride(from: 0, to: whole.count, by: 211) {
      let path = try write(Array(whole.prefix(length)))
      #expect(throws: ContainerError.self) { try CorpusIndex(path: path) }
    }
  }

  @Test func flippedBitsNeverTrap() throws {
    var random = SplitMix64(seed: 21)
    var opened = 0
    for round in 0..<1500 {
      var bytes = whole
      for _ in 0...random.next(below: 3) { bytes[random.next(below: bytes.count)] ^= 1 << UInt8(random.next(below: 8)) }
      if exercise(try write(bytes), rewriting: round.isMultiple(of: 8)) { opened += 1 }
    }
    // Many flips are in codes and padding, which opening does not check. Opening must find some of the others.
    #expect(opened > 100 && opened < 1500)
  }

  /// Rewrites the container with correct checksums around wrong contents, so that only the checks of `Retrieval` can find
  /// the damage.
  @Test func wrongContentsBehindRightChecksums() throws {
    let file = try ContainerFile(path: folder.file("whole"))
    var random = SplitMix64(seed: 22)
    var opened = 0
    for round in 0..<1500 {
      let victim = file.sections[1 + random.next(below: file.sections.count - 1)]
      var writer = ContainerWriter(kind: .index)
      writer.setMetadata(round.isMultiple(of: 4) ? mutated(file.metadata, &random) : file.metadata)
      for section in file.sections where section.name != "metadata" {
        if section.name != victim.name {
          try writer.add(copying: section.name, from: file)
          continue
        }
        var bytes = try file.bytes(section.name)
        for _ in 0...random.next(below: 4) where !bytes.isEmpty {
          bytes[random.next(below: bytes.count)] = [0, 1, 0x7F, 0x80, 0xFF][random.next(below: 5)]
        }
        if section.isCompressed {
          if round.isMultiple(of: 5) { bytes = Array(bytes.dropLast(1 + random.next(below: 3))) }
          try writer.addCompressed(section.name, bytes)
        } else {
          try writer.add(section.name, type: section.type, shape: section.shape, bytes: bytes)
        }
      }
      try writer.write(to: folder.file("forged"))
      if exercise(folder.file("forged"), rewriting: round.isMultiple(of: 8)) { opened += 1 }
    }
    #expect(opened > 100 && opened < 1500)
  }

  private func mutated(_ metadata: JSONValue, _ random: inout SplitMix64) -> JSONValue {
    guard case .object(var members) = metadata else { return metadata }
    let key = members.keys.sorted()[random.next(below: members.count)]
    let values: [JSONValue?] = [nil, .null, -1, 0, 1, 7, 16, 64, 70, 71, 4096, .integer(Int.max), "x", 0.5, [], [:]]
    members[key] = values[random.next(below: values.count)]
    return .object(members)
  }

  @Test(arguments: [
    (IndexLayout.rowOffsets, [UInt32](repeating: 9, count: 71)), (IndexLayout.rowOffsets, Array(0...70)),
    (IndexLayout.rowHashtags, [UInt32](repeating: 99, count: 94)),
    (IndexLayout.rowHashtags, [UInt32](repeating: 0, count: 94)),
  ])
  func rowTablesAreChecked(name: String, values: [UInt32]) throws {
    #expect(throws: ContainerError.self) { try replace(name) { try $0.add(name, shape: [values.count], elements: values) } }
  }

  @Test func repeatedHashtagsAndBadTextAreRefused() throws {
    let file = try ContainerFile(path: folder.file("whole"))
    let count = try CorpusIndex(file: file).hashtagCount
    #expect(throws: ContainerError.self) {
      try replace(IndexLayout.normal) {
        try $0.addCompressed(IndexLayout.normal, StringTable.write([String](repeating: "a", count: count)))
      }
    }
    var broken = StringTable.write((0..<count).map { "tag\($0)" })
    broken[broken.count - 1] = 0xFF
    #expect(throws: ContainerError.self) {
      try replace(IndexLayout.display) { try $0.addCompressed(IndexLayout.display, broken) }
    }
    #expect(throws: ContainerError.self) {
      try replace(IndexLayout.embeddingScales) {
        try $0.add(IndexLayout.embeddingScales, shape: [count], elements: [Float](repeating: .nan, count: count))
      }
    }
  }

  @Test func affixesAreChecked() throws {
    for numbers in [[UInt32](repeating: 1, count: 3), [UInt32](repeating: 1, count: 2), [UInt32](repeating: 1, count: 1026)] {
      #expect(throws: ContainerError.self) {
        try replace(IndexLayout.affixNames) { try $0.add(IndexLayout.affixNames, shape: [numbers.count], elements: numbers) }
      }
    }
    for displays in [["Floods", ""], ["Floods", "Pray For"], ["Floods", "!"], ["Floods", String(repeating: "a", count: 65)]] {
      #expect(throws: ContainerError.self) {
        try replace(IndexLayout.affixes) { try $0.addCompressed(IndexLayout.affixes, StringTable.write(displays)) }
      }
    }
  }

  /// Opens the sample with one section replaced.
  private func replace(_ name: String, _ add: (inout ContainerWriter) throws -> Void) throws {
    let file = try ContainerFile(path: folder.file("whole"))
    var writer = ContainerWriter(kind: .index)
    writer.setMetadata(file.metadata)
    for section in file.sections where section.name != "metadata" {
      if section.name == name { try add(&writer) } else { try writer.add(copying: section.name, from: file) }
    }
    try writer.write(to: folder.file("forged"))
    _ = try CorpusIndex(path: folder.file("forged"))
  }
}
