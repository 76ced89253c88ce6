// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Ranking
import Retrieval
import Testing
import TestSupport
import Text

@testable import Recommender

@Suite struct RecommenderTests {
  private let folder = TemporaryFolder()
  private let model: ContainerFile
  private let index: CorpusIndex

  init() throws {
    let path = folder.file("model")
    try TinyModel().write(to: path)
    model = try ContainerFile(path: path, kind: .model)
    let maker = try IndexMaker(encoders: TweetEncoders(model: model), threads: 2)
    var builder = try maker.newBuilder(keepsText: false, indexesWords: true)
    let rows = ["Flood in Kerala #KeralaFloods #Kerala", "Fire near Oslo #Oslo", "Water in the streets #Kerala #flood"]
    let report = try maker.add(
      try (rows + ["no hashtag", "https://example.org/a"]).map { try CorpusRow(line: Array($0.utf8)) }
        + [CorpusRow(text: "https://example.org", hashtags: ["lonely"])], to: &builder)
    #expect(report == IndexMaker.Report(added: 3, withoutHashtag: 2, withoutText: 1, newHashtags: 4))
    try builder.write(to: folder.file("index"))
    index = try CorpusIndex(path: folder.file("index"))
  }

  private func recommender(_ change: (inout RecommenderOptions) -> Void = { _ in }) throws -> Recommender {
    var options = RecommenderOptions()
    change(&options)
    return try Recommender(model: model, index: index, options: options)
  }

  private func tags(_ recommender: Recommender, _ query: Query) throws -> [String] {
    try recommender.recommend(query, in: recommender.makeWorkspace()).hashtags.map(\.tag)
  }

  @Test func theWayOfATweet() throws {
    // Of several sequences of a random network, one has a letter.
    let recommender = try recommender { $0.generation.sampling.candidates = 8 }
    let answer = try recommender.recommend(
      Query(text: "Flood in Kerala again", count: 100), in: recommender.makeWorkspace())
    #expect(answer.neighbours.map(\.row).sorted() == [0, 1, 2])
    #expect(Set(["KeralaFloods", "Kerala", "Oslo", "flood"]).isSubset(of: answer.hashtags.map(\.tag)))
    #expect(answer.hashtags.allSatisfy { (0...1).contains($0.score) && !$0.sources.isEmpty })
    #expect(answer.hashtags.map(\.score) == answer.hashtags.map(\.score).sorted(by: >))
    #expect(answer.hashtags.contains { $0.sources.contains(.generated) })
    #expect(recommender.ranker == .fixed)
  }

  @Test func countThresholdAndLists() throws {
    let query = Query(text: "Flood in Kerala again")
    #expect(try tags(recommender { $0.count = 2 }, query).count == 2)
    #expect(try tags(recommender { $0.count = 2 }, Query(text: "Flood", count: 1)).count == 1)
    #expect(try tags(recommender { $0.threshold = 1 }, query) == [])
    #expect(try tags(recommender { $0.filter = HashtagFilter(deny: nil, allow: HashtagList("oslo")) }, query) == ["Oslo"])
  }

  @Test func emptyTweets() throws {
    let recommender = try recommender()
    #expect(try tags(recommender, Query(text: "")) == [])
    #expect(try tags(recommender, Query(text: " https://example.org/x \u{0} ")) == [])
    #expect(try !tags(recommender, Query(text: "", conversation: ["Flood in Kerala"])).isEmpty)
  }

  @Test func conversationFollowsTheTweet() {
    let query = Query(text: "Is it open? #Aluva", conversation: ["RT @x: bridge gone http://t.co/1", "", "ok"])
    #expect(query.context == "Is it open? bridge gone ok")
    #expect(query.tweet.hashtags == ["Aluva"])
  }

  @Test func theNoiseIsKeyedByTheTweet() {
    #expect(Query(text: "Flood  in Kerala #now").noiseKey == Query(text: "Flood in Kerala", count: 3).noiseKey)
    #expect(Query(text: "Flood in Kerala").noiseKey != Query(text: "Flood in Nepal").noiseKey)
    #expect(Query(text: "Flood").noiseKey != Query(text: "Flood", conversation: ["Kerala"]).noiseKey)
  }

  @Test func longAndOddTweets() throws {
    let recommender = try recommender()
    let workspace = recommender.makeWorkspace()
    for text in [
      String(repeating: "water ", count: 5000), String(repeating: "x", count: 60_000), "[CLS] [SEP] [MASK]", "😀🏽‍🚒", "\u{FFFD}",
      String(repeating: "#tag", count: 10_000), "水が来る",
    ] {
      _ = try recommender.recommend(Query(text: text), in: workspace)
    }
  }

  @Test func aLearnedRankingIsUsed() throws {
    let path = folder.file("ranked")
    try TinyModel(
      ranking: """
        {"features": ["length"], "base": 0, "trees": [{"feature": [0, -1, -1], "threshold": [4.5, 0, 0],
        "left": [1, 0, 0], "right": [2, 0, 0], "value": [0, 3, -3]}]}
        """
    ).write(to: path)
    var options = RecommenderOptions()
    options.threshold = 0
    let ranked = try Recommender(model: ContainerFile(path: path, kind: .model), index: index, options: options)
    let answer = try ranked.recommend(Query(text: "Flood", count: 100), in: ranked.makeWorkspace())
    #expect(answer.hashtags.first.map { $0.tag.utf8.count <= 4 && $0.score > 0.9 } == true)
    #expect(answer.hashtags.last.map { $0.tag.utf8.count > 4 && $0.score < 0.1 } == true)

    // Without a threshold the list ends before the improbable hashtags.
    options.threshold = nil
    let best = try Recommender(model: ContainerFile(path: path, kind: .model), index: index, options: options)
    let short = try tags(best, Query(text: "Flood", count: 100))
    #expect(short == answer.hashtags.filter { $0.score > 0.5 }.map(\.tag) && !short.isEmpty)
  }

  @Test func measurementLeavesOut() throws {
    let row = CorpusRow(text: "Flood in Kerala", hashtags: ["kerala"], exclude: ["@0", "unknown"])
    let answers = try Measurement(recommender: recommender { $0.generation.method = .off }, threads: 2, rows: [row])
      .answer([row, row])
    #expect(answers.count == 2)
    for answer in answers {
      #expect(answer.neighbours.map(\.row).sorted() == [1, 2])
      #expect(!answer.candidates.contains { $0.normal == "keralafloods" })
    }
  }
}
