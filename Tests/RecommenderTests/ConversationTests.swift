// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import TestSupport
import Testing

@testable import Ranking
@testable import Recommender

/// Replies as a second query and as a source of candidates, and tweets that the encoders cannot read.
@Suite struct ConversationTests {
  private let folder = TemporaryFolder()
  private let model: ContainerFile

  init() throws {
    try TinyModel().write(to: folder.file("model"))
    model = try ContainerFile(path: folder.file("model"), kind: .model)
  }

  private func recommender(_ rows: [CorpusRow], words: Bool = true) throws -> Recommender {
    let maker = try IndexMaker(encoders: TweetEncoders(model: model), threads: 1)
    var builder = try maker.newBuilder(keepsText: false, indexesWords: words)
    _ = try maker.add(rows, to: &builder)
    try builder.write(to: folder.file("index"))
    return try Recommender(model: model, index: CorpusIndex(path: folder.file("index")), options: RecommenderOptions())
  }

  @Test func aLongReplyHidesNoOther() {
    let long = (0..<1000).map { "w\($0)" }.joined(separator: " ")
    let parts = ReplyParts.of([long, "second", "third"])
    #expect(parts.count == 8 && parts[1] == "second" && parts[2] == "third")
    #expect(parts[0].hasPrefix("w0 ") && parts[3].hasPrefix("w40 ") && parts[4].hasPrefix("w80 "))
    #expect(ReplyParts.of([]).isEmpty && ReplyParts.of((0..<50).map { "r\($0)" }) == (0..<8).map { "r\($0)" })
  }

  @Test func vectorsAreFused() {
    #expect(ReplyParts.fuse(tweet: [1, 0], replies: []) == [1, 0] && ReplyParts.fuse(tweet: nil, replies: [[0, 1]]) == [0, 1])
    let fused = ReplyParts.fuse(tweet: [1, 0], replies: [[0, 1], [0, 1]])
    #expect(abs(fused[0] - 2 * fused[1]) < 1e-6 && abs(fused[0] * fused[0] + fused[1] * fused[1] - 1) < 1e-6)
  }

  @Test func repeatedWordsOfRepliesCountLess() throws {
    let weights = QueryWords(Query(text: "Flood flood", conversation: ["flood bridge", "bridge"])).weights
    #expect(weights.count == 2)
    #expect(abs(try #require(weights["flood"]) - (1 + 0.693147 + 0.5)) < 1e-5)
    #expect(abs(try #require(weights["bridge"]) - 0.5 * (1 + 0.693147)) < 1e-5)
    #expect(QueryWords(Query(text: "", conversation: ["flood"])).weights == ["flood": 1])
  }

  @Test func repliesBringCandidates() throws {
    let recommender = try recommender([
      CorpusRow(text: "Flood reported near Kerala", hashtags: ["Kerala"]), CorpusRow(text: "Fire", hashtags: ["news"]),
    ])
    let query = Query(text: "Is it open?", conversation: ["all of Kerala is", "no #NewTag #NewTag in Kerala", " "])
    let answer = try recommender.recommend(query, in: recommender.makeWorkspace())
    let kerala = try #require(answer.candidates.first { $0.normal == "kerala" })
    #expect(kerala.sources.contains(.conversation) && kerala.features[.replied] == 1 && kerala.features[.repliedTyped] == 0)
    #expect(kerala.features[.inText] == 0)
    let new = try #require(answer.candidates.first { $0.normal == "newtag" })
    #expect(new.display == "NewTag" && new.sources == [.conversation])
    #expect(new.features[.replied] == 0.5 && new.features[.repliedTyped] == 0.5)
    #expect(!answer.candidates.contains { $0.normal == "all" || $0.normal == "flood" })
    let alone = try recommender.recommend(Query(text: "Is it open?"), in: recommender.makeWorkspace())
    #expect(alone.candidates.allSatisfy { !$0.sources.contains(.conversation) && $0.features[.replied] == 0 })
  }

  @Test func repliesRaiseAScore() throws {
    var features = FeatureVector.unmeasured
    let score = try #require(Ranker.fixed.score(features, writtenPlace: nil)).probability
    (features[.replied], features[.taggedRate]) = (1, 0.5)
    let said = try #require(Ranker.fixed.score(features, writtenPlace: nil)).probability
    features[.repliedTyped] = 1
    let typed = try #require(Ranker.fixed.score(features, writtenPlace: nil)).probability
    #expect(score == 0 && abs(said - 0.1) < 1e-12 && abs(typed - 0.7) < 1e-12)
  }

  @Test func wordsOfRepliesFindTweetsAndBelongToRows() throws {
    var row = CorpusRow(text: "Water everywhere", hashtags: ["Kochi"])
    row.conversation = ["the harbour of Quito"]
    let others = ["Fire", "Storm", "Quake"].map { CorpusRow(text: $0, hashtags: ["news"]) }
    let index = try recommender(others + [row]).index
    #expect(index.search(words: ["quito"]).map(\.row) == [3])
  }

  @Test func wordsFindWhatTheEncoderCannotRead() throws {
    let rows = [
      CorpusRow(text: "地震救援进展", hashtags: ["地震"]), CorpusRow(text: "洪水警报发布", hashtags: ["洪水"]),
      CorpusRow(text: "Fire near Oslo", hashtags: ["Oslo"]),
    ]
    let encoders = try TweetEncoders(model: model)
    #expect(!encoders.canRead("洪水警报") && encoders.canRead("Fire 水") && encoders.canRead("Fire near Oslo 🔥"))
    let recommender = try recommender(rows)
    let answer = try recommender.recommend(Query(text: "今日洪水警报"), in: recommender.makeWorkspace())
    #expect(answer.neighbours.map(\.row) == [1] && answer.neighbours.first?.similarity == 1)
    #expect(answer.hashtags.first?.tag == "洪水")
    #expect(answer.candidates.allSatisfy { !$0.sources.contains(.selected) })
    // Without words there is nothing better than the encoder.
    let plain = try self.recommender(rows, words: false)
    #expect(try plain.recommend(Query(text: "今日洪水警报"), in: plain.makeWorkspace()).neighbours.count == 3)
  }
}
