// SPDX-License-Identifier: Apache-2.0

import Comparison
import Conversion
import GoldenFixtures
import ModelFile
import TestSupport
import Testing

@Suite struct ModelComparisonTests {
  static let folder = TemporaryFolder()

  static func converted(_ checkpoint: Checkpoint, floats: Bool) throws -> ContainerFile {
    let path = folder.file("model.\(UInt64.random(in: 0 ... .max))")
    let (writer, _) = try Converter(checkpoint: checkpoint, keepsFloats: floats).convert()
    try writer.write(to: path)
    return try ContainerFile(path: path, kind: .model)
  }

  @Test func everyNetworkOfTheDefaultArchitectureIsCompared() throws {
    let float = try ContainerFile(path: GoldenModel.tiny.path)
    let rows = try ModelComparison(reference: float, file: ContainerFile(path: GoldenModel.tinyInt8.path)).rows()
    #expect(
      rows.map { "\($0.network): \($0.what)" } == [
        "retriever: sentence embeddings", "selector: sentence embeddings", "generator: encoder states",
        "generator: a step's prediction", "generator: next token's scores",
      ])
    #expect(rows.allSatisfy { $0.cosine > 0.98 && $0.cosine < 1 && $0.difference > 0 })
    let same = try ModelComparison(reference: float, file: float).rows()
    #expect(same.allSatisfy { $0.cosine == 1 && $0.difference == 0 && $0.passes })
  }

  @Test(arguments: BARTBook.all)
  func bartIsComparedWithoutATokenizer(book: BARTBook) throws {
    let checkpoint = Checkpoint(generator: book.checkpoint)
    let float = try Self.converted(checkpoint, floats: true)
    var notes: [String] = []
    let rows = try ModelComparison(reference: float, file: Self.converted(checkpoint, floats: false)).rows { notes.append($0) }
    #expect(rows.map(\.what) == ["encoder states", "next token's scores"])
    #expect(rows.allSatisfy { $0.passes && $0.cosine < 1 })
    #expect(notes.count == 1 && notes[0].contains("greedy tokens"))
  }

  @Test func otherWeightsAndWeightsThatAreNoNumbersDoNotPass() throws {
    let networks = try BARTBook.all.map { try Self.converted(Checkpoint(generator: $0.checkpoint), floats: true) }
    let rows = try ModelComparison(reference: networks[0], file: networks[1]).rows()
    #expect(rows.allSatisfy { !$0.passes })
    let broken = try ModelVariant.file(
      replacing: ["retriever/embeddings.norm.bias": ([32], [Float](repeating: .nan, count: 32))])
    let row = try #require(try ModelComparison(reference: ContainerFile(path: GoldenModel.tiny.path), file: broken).rows().first)
    #expect(!row.passes && row.cosine == -1)
  }
}
