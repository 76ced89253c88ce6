// SPDX-License-Identifier: Apache-2.0

import Generation
import ModelFile
import Ranking
import Retrieval
import Testing
import TestSupport

@testable import Recommender

/// A tweet's answer is the same alone and among others, on any number of threads.
@Suite struct BatchingTests {
  private let folder = TemporaryFolder()

  /// Short, long and empty tweets; some fill the networks' 128 tokens.
  private static let tweets: [String] =
    [
      "Flood in Kerala again", "", "Fire", "Storm over Oslo, the bridge is closed #storm", "https://example.org/x",
      String(repeating: "water rescue needed at the bridge ", count: 40), "#OnlyTyped", "水が来る, rescue us",
    ] + (0..<24).map { "Quake number \($0), water near the bridge" + String(repeating: " and rescue", count: $0 * 7 % 19) }

  /// Everything about an answer, including the features of all candidates.
  private static func text(_ answer: Recommendation) -> String {
    let hashtags = answer.hashtags.map { "\($0.tag) \($0.score) \($0.sources) \($0.features.values)" }
    let candidates = answer.candidates.map { "\($0.normal) \($0.display) \($0.sources) \($0.features.values)" }
    return "\(hashtags) \(candidates) \(answer.neighbours.map { "\($0.row) \($0.similarity)" })"
  }

  private func files(_ model: TinyModel) throws -> (ContainerFile, CorpusIndex) {
    try model.write(to: folder.file("model"))
    let file = try ContainerFile(path: folder.file("model"), kind: .model)
    return (file, try index(of: file))
  }

  private func index(of file: ContainerFile) throws -> CorpusIndex {
    let maker = try IndexMaker(encoders: TweetEncoders(model: file), threads: 2)
    var builder = try maker.newBuilder(keepsText: false, indexesWords: true)
    let places = ["Kerala", "Oslo", "Paradise", "Houston", "Aluva", "Nepal", "Chile", "Quito"]
    let rows = places.enumerated().map { number, place in
      CorpusRow(text: "The \(["flood", "fire", "storm"][number % 3]) reached \(place)", hashtags: [place, "news\(number % 2)"])
    }
    _ = try maker.add(rows, to: &builder)
    try builder.write(to: folder.file("index"))
    return try CorpusIndex(path: folder.file("index"))
  }

  private func check(
    _ model: ContainerFile, _ index: CorpusIndex, _ change: (inout RecommenderOptions) -> Void = { _ in },
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    var options = RecommenderOptions()
    options.count = 100
    change(&options)
    let recommender = try Recommender(model: model, index: index, options: options)
    let alone = try Self.tweets.map { Self.text(try recommender.recommend(Query(text: $0), in: recommender.makeWorkspace())) }
    #expect(Set(alone).count > 10, sourceLocation: location)
    for threads in 1...3 {
      let batches = BatchRecommender(recommender, threads: threads)
      for size in [1, 2, 7, 32] {
        var together: [String] = []
        for first in stride(from: 0, to: Self.tweets.count, by: size) {
          let batch = Array(Self.tweets[first..<min(first + size, Self.tweets.count)])
          together += try batches.recommend(batch, query: { Query(text: $0) }, answer: Self.text)
        }
        #expect(together == alone, "\(threads) threads, \(size) together", sourceLocation: location)
      }
    }
  }

  @Test func answersAreTheSameAloneAndAmongOthers() throws {
    let (model, index) = try files(TinyModel())
    try check(model, index)
    try check(model, index) {
      ($0.generation.sampling.candidates, $0.generation.sampling.earlyStop, $0.generation.sampling.sampler) = (
        3, false, .ancestral
      )
    }
    try check(model, index) { $0.generation.method = .autoregressive }
    for retriever in Retriever.allCases {
      try check(model, index) { ($0.generation.method, $0.retriever) = (.off, retriever) }
    }
    try check(model, index) { ($0.generation.method, $0.selector) = (.off, false) }
    try check(model, index) { ($0.neighbours, $0.hints) = (0, 0) }
  }

  @Test func oneNetworkForBothIsAskedOnce() throws {
    var tiny = TinyModel()
    tiny.isOneNetwork = true
    let (shared, sharedIndex) = try files(tiny)
    try check(shared, sharedIndex)
    try check(shared, sharedIndex) { $0.neighbours = 0 }
  }

  @Test func aBudgetIsEachTweetsOwn() throws {
    let (model, index) = try files(TinyModel())
    var options = RecommenderOptions()
    options.budget = .seconds(1000)
    let batches = BatchRecommender(try Recommender(model: model, index: index, options: options), threads: 2)
    #expect(try batches.calibrate() == .generator)
    #expect(batches.batch == 2)
    let answers = try batches.recommend(Self.tweets.map { Query(text: $0) })
    #expect(answers.count == Self.tweets.count && answers.allSatisfy { $0.budget?.isMet == true })
    options.budget = nil
    let free = BatchRecommender(try Recommender(model: model, index: index, options: options), threads: 2)
    #expect(try free.calibrate() == nil)
    #expect(free.batch == 2 * BatchRecommender.groupSize)
    #expect(try free.recommend(Self.tweets.map { Query(text: $0) }).map(\.hashtags.count) == answers.map(\.hashtags.count))
  }
}
