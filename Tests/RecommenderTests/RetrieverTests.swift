// SPDX-License-Identifier: Apache-2.0

import Generation
import ModelFile
import Retrieval
import Testing
import TestSupport

@testable import Ranking
@testable import Recommender

/// BM25 and hybrid retrieval, the rankings that are not learned, and a model with only a generator.
@Suite struct RetrieverTests {
  private let folder = TemporaryFolder()
  private let model: ContainerFile
  private let index: CorpusIndex
  private let query = Query(text: "Flood in Kerala, again!", count: 100)

  init() throws {
    try TinyModel().write(to: folder.file("model"))
    model = try ContainerFile(path: folder.file("model"), kind: .model)
    index = try Self.index(model, in: folder, words: true)
  }

  private static func index(_ model: ContainerFile, in folder: TemporaryFolder, words: Bool) throws -> CorpusIndex {
    let maker = try IndexMaker(encoders: TweetEncoders(model: model), threads: 1)
    var builder = try maker.newBuilder(keepsText: false, indexesWords: words)
    let places = ["kerala", "oslo", "paradise", "houston", "aluva", "nepal", "chile", "quito"]
    let rows = places.enumerated().map { number, place in
      CorpusRow(
        text: "\(number.isMultiple(of: 3) ? "Flood" : "Fire") reported near \(place)", hashtags: [place, "news\(number)"])
    }
    _ = try maker.add(rows, to: &builder)
    try builder.write(to: folder.file("index"))
    return try CorpusIndex(path: folder.file("index"))
  }

  private func answer(
    _ model: ContainerFile? = nil, _ change: (inout RecommenderOptions) -> Void
  ) throws -> Recommendation {
    var options = RecommenderOptions()
    change(&options)
    let recommender = try Recommender(model: model ?? self.model, index: index, options: options)
    return try recommender.recommend(query, in: recommender.makeWorkspace())
  }

  @Test func wordsFindTheTweetsThatShareThem() throws {
    let answer = try answer { $0.retriever = .bm25 }
    #expect(answer.neighbours.map(\.row) == [0, 3, 6])
    #expect(answer.neighbours.first?.similarity == 1)
    #expect(answer.neighbours.dropFirst().allSatisfy { $0.similarity > 0 && $0.similarity < 1 })
    let kerala = try #require(answer.candidates.first { $0.normal == "kerala" })
    #expect(kerala.features[.similarityMax] == 1 && kerala.features[.nearestSimilarity] == 1)
  }

  @Test func bothFuseByRank() throws {
    let dense = try answer { $0.retriever = .dense }.neighbours
    let hybrid = try answer { $0.retriever = .hybrid }.neighbours
    let sparse = try answer { $0.retriever = .bm25 }.neighbours
    #expect(hybrid.map(\.row) == ReciprocalRank.fuse([dense.map(\.row), sparse.map(\.row)], count: 30))
    // Both give the same similarities: cosines.
    for neighbour in hybrid {
      #expect(dense.first { $0.row == neighbour.row }?.similarity == neighbour.similarity)
    }
    #expect(try answer { ($0.retriever, $0.neighbours) = (.hybrid, 3) }.neighbours.count == 3)
  }

  @Test func leftOutRowsStayOut() throws {
    for retriever in Retriever.allCases {
      var options = RecommenderOptions()
      options.retriever = retriever
      let recommender = try Recommender(model: model, index: index, options: options)
      var query = query
      query.excludedRows = [0]
      let answer = try recommender.recommend(query, in: recommender.makeWorkspace())
      #expect(!answer.neighbours.isEmpty && !answer.neighbours.contains { $0.row == 0 })
    }
  }

  @Test func anIndexWithoutWordsIsRefused() throws {
    let plain = try Self.index(model, in: folder, words: false)
    var options = RecommenderOptions()
    for retriever in [Retriever.bm25, .hybrid] {
      options.retriever = retriever
      let error = #expect(throws: RetrievalError.self) { try Recommender(model: model, index: plain, options: options) }
      #expect(error == .noWords(path: folder.file("index")) && error?.exitStatus == .unfitFile)
    }
  }

  @Test func aGeneratorAloneNeedsWords() throws {
    try TinyModel(hasEncoders: false).write(to: folder.file("alone"))
    let alone = try ContainerFile(path: folder.file("alone"), kind: .model)
    let answer = try answer(alone) { $0.retriever = .bm25 }
    #expect(answer.neighbours.first?.row == 0)
    #expect(answer.hashtags.contains { $0.sources.contains(.generated) })
    #expect(answer.candidates.allSatisfy { $0.features[.selector] == 0 })
    for retriever in [Retriever.dense, .hybrid] {
      let error = #expect(throws: NetworkError.self) { try self.answer(alone) { $0.retriever = retriever } }
      #expect(error == .missing(path: folder.file("alone"), network: "retriever"))
    }
  }

  @Test func rankings() throws {
    let right = try answer { ($0.ranking, $0.generation.method) = (.rightScore, .off) }.hashtags
    #expect(!right.isEmpty && right.allSatisfy { $0.sources.contains(.retrieved) && (0...1).contains($0.score) })
    #expect(right.map { $0.features[.rightScore] } == right.map { $0.features[.rightScore] }.sorted(by: >))
    let generated = try answer { $0.ranking = .generated }
    let written = generated.candidates.filter { $0.sources.contains(.generated) }
    #expect(
      generated.hashtags.map { $0.features[.generatedPosition] } == written.map { $0.features[.generatedPosition] }.sorted())
    #expect(!written.isEmpty && generated.hashtags.allSatisfy { $0.score == $0.features[.generatedMean] })
    // The sequences follow one another; after few steps they still differ.
    let several = try answer {
      ($0.ranking, $0.generation.sampling.candidates, $0.generation.sampling.steps) = (.generated, 20, 4)
    }
    let order = several.candidates.compactMap { candidate in candidate.writtenPlace.map { ($0, candidate.display) } }
    #expect(several.hashtags.map(\.tag) == order.sorted { $0.0 < $1.0 }.map(\.1))
    #expect(order.count > written.count)
    let fixed = try answer { $0.ranking = .fixed }.hashtags
    #expect(fixed.allSatisfy { $0.score == FixedRanking.score($0.features) })
  }
}
