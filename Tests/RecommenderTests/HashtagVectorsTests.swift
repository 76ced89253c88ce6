// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Tensors
import TestSupport
import Testing

@testable import Recommender

/// Stored vectors of hashtags, and a retriever and selector that are the same network.
@Suite struct HashtagVectorsTests {
  private let folder = TemporaryFolder()

  private func model(_ change: (inout TinyModel) -> Void = { _ in }) throws -> ContainerFile {
    var tiny = TinyModel()
    change(&tiny)
    let path = folder.file("model")
    try tiny.write(to: path)
    return try ContainerFile(path: path, kind: .model)
  }

  @Test func theIndexTakesThem() throws {
    let encoders = try TweetEncoders(model: model { $0.hashtags = ["storm", "oslo"] })
    let maker = try IndexMaker(encoders: encoders, threads: 1)
    var builder = try maker.newBuilder(keepsText: false)
    _ = try maker.add([CorpusRow(text: "Water everywhere", hashtags: ["Oslo", "Kerala"])], to: &builder)
    try builder.write(to: folder.file("index"))
    let index = try CorpusIndex(path: folder.file("index"))
    let oslo = index.embedding(try #require(index.lookup("oslo")))
    #expect(oslo.indices.max { oslo[$0] < oslo[$1] } == 1 && oslo[1] > 0.9)
    let arena = Arena(capacity: encoders.scratch)
    let kerala = index.embedding(try #require(index.lookup("kerala")))
    let encoded = try encoders.embed("kerala", with: .selector, arena: arena)
    #expect(zip(kerala, encoded).reduce(0) { $0 + $1.0 * $1.1 } > 0.98)
  }

  @Test func anIndexMadeWithOthersIsRefused() throws {
    let plain = try ModelFingerprint.of(model())
    let (one, other) = (try model { $0.hashtags = ["storm"] }, try model { $0.hashtags = ["oslo"] })
    #expect(Set([plain, ModelFingerprint.of(one), ModelFingerprint.of(other)]).count == 3)
  }

  @Test func damagedNamesAreRefused() throws {
    for names in [["storm", "storm"], ["storm", "\u{0}oslo\nfire"]] {
      let file = try model { $0.hashtags = names }
      #expect(throws: ContainerError.self) { try IndexMaker(encoders: TweetEncoders(model: file), threads: 1) }
    }
  }

  @Test func oneNetworkForBothIsSeen() throws {
    #expect(try !TweetEncoders(model: model()).isOneNetwork)
    let encoders = try TweetEncoders(model: model { $0.isOneNetwork = true })
    #expect(encoders.isOneNetwork)
    let arena = Arena(capacity: encoders.scratch)
    let text = "flood in kerala"
    #expect(
      try encoders.embed(text, with: .retriever, arena: arena) == encoders.embed(text, with: .selector, arena: arena))
  }
}
