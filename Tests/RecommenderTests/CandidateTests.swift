// SPDX-License-Identifier: Apache-2.0

import Generation
import Ranking
import Retrieval
import Testing

@testable import Recommender

@Suite struct CandidateTests {
  private let index: CorpusIndex

  init() throws {
    index = try SmallIndex.make([
      ([1, 0.1], ["Flood", "Kerala"], ["flood", "in", "kerala"]),
      ([1, 0.2], ["Flood"], ["flood", "again"]),
      ([0, 1], ["KeralaFloods"], ["kerala", "floods", "keralafloods"]),
      ([0, 0, 1], ["Storm"], ["kerala"]),
    ])
  }

  private func neighbours(_ query: [Float], excluding: Set<Int> = []) -> [Neighbour] {
    index.search(SmallIndex.unit(query), count: 3, excluding: excluding)
  }

  @Test func rightScoreIsThePapers() throws {
    let statistics = CorpusStatistics(index: index)
    let selector = try #require(index.relevanceQuery(SmallIndex.unit([1])))
    let found = RightSelection.gather(neighbours([1]), index: index, statistics: statistics, selector: selector)
    let flood = try #require(found.first { index.normal($0.hashtag) == "flood" })
    let (a, b) = (1 / Float(1.01).squareRoot(), 1 / Float(1.04).squareRoot())
    #expect(flood.count == 2 && flood.nearestRank == 0)
    #expect(abs(flood.meanSimilarity - Double(a + b) / 2) < 0.01)
    #expect(abs(flood.fourthPowerSum - Double(a * a * a * a + b * b * b * b)) < 0.03)
    #expect(abs(flood.rightScore - (flood.meanSimilarity + flood.selector) * 1.1) < 1e-12)
    #expect(RightSelection.best(found, count: 1).map(index.normal) == ["flood"])
    #expect(RightSelection.best(found, count: 0) == [] && RightSelection.best(found, count: 99).count == found.count)
  }

  @Test func excludedRowsLeaveTheStatistics() {
    let flood = index.lookup("flood")!
    let kerala = index.lookup("kerala")!
    let all = CorpusStatistics(index: index)
    #expect(
      all.frequency(flood) == 2 && all.mentions(flood, isInQuery: true) == (2, 2)
        && all.mentions(kerala, isInQuery: true) == (3, 1))
    let without = CorpusStatistics(index: index, excluding: [0, 99, -1])
    #expect(without.excludedRows == [0])
    #expect(without.frequency(flood) == 1 && without.mentions(flood, isInQuery: true) == (1, 1))
    #expect(without.mentions(flood, isInQuery: false) == (2, 2))
    #expect(without.frequency(kerala) == 0 && without.mentions(kerala, isInQuery: true) == (2, 0))
  }

  private func set(_ text: String, typed: [String] = [], generated: [GeneratedHashtag] = [], excluding: Set<Int> = []) -> [String:
    Candidate]
  {
    var tweet = Query(text: "").tweet
    (tweet.text, tweet.hashtags) = (text, typed)
    let evidence = TweetEvidence(
      tweet: tweet, index: index,
      statistics: CorpusStatistics(index: index, excluding: excluding),
      selector: index.relevanceQuery(SmallIndex.unit([1])), neighbours: neighbours([1, 0.1], excluding: excluding))
    var set = CandidateSet(evidence, from: [RetrievedCandidates(), TextCandidates(), TypedCandidates()])
    GeneratedCandidates(hashtags: generated).extract(into: &set)
    set.measure(by: CandidateSources().features)
    return Dictionary(uniqueKeysWithValues: set.candidates.map { ($0.normal, $0) })
  }

  @Test func candidatesMeetByNormalForm() throws {
    let made = set(
      "Kerala floods hit Storm coast", typed: ["FLOOD", "Brand_New"],
      generated: [
        GeneratedHashtag(normal: "storm", position: 0, meanProbability: 0.5, leastProbability: 0.25),
        GeneratedHashtag(normal: "sos", position: 1, meanProbability: 0.75, leastProbability: 0.5),
        GeneratedHashtag(normal: "storm", position: 2, meanProbability: 0.9, leastProbability: 0.9),
      ])
    #expect(Set(made.keys) == ["flood", "kerala", "floods", "keralafloods", "hit", "storm", "coast", "brand_new", "sos"])
    #expect(made["flood"]?.sources == [.retrieved, .typed] && made["flood"]?.display == "FLOOD")
    #expect(made["kerala"]?.sources == [.retrieved, .text])
    #expect(made["keralafloods"]?.display == "KeralaFloods")
    #expect(made["sos"]?.sources == [.generated] && made["sos"]?.hashtag == nil)
    let joined = try #require(made["keralafloods"]?.features)
    #expect(joined[.inText] == 1 && joined[.wordsJoined] == 2 && joined[.capitalised] == 0 && joined[.length] == 12)
    let kerala = try #require(made["kerala"]?.features)
    #expect(kerala[.wordsJoined] == 1 && kerala[.capitalised] == 1 && kerala[.partOfLonger] == 1)
    #expect(kerala[.mentions] == CoarseScale.halfOctaves(3) && kerala[.taggedRate] == 2.0 / 8 && kerala[.frequency] == 1)
    let storm = try #require(made["storm"]?.features)
    #expect(storm[.generatedPosition] == 0 && storm[.generatedMean] == 0.5 && storm[.generatedMinimum] == 0.25)
    #expect(made["flood"]?.features[.partOfLonger] == 1 && made["sos"]?.features[.partOfLonger] == 0)
    #expect(made["sos"]?.features[.retrievedRank] == -1)
    let nearest = Double(neighbours([1, 0.1])[0].similarity)
    #expect(made.values.allSatisfy { $0.features[.nearestSimilarity] == nearest })
    let share = made.values.map { $0.features[.similarityShare] }.max()
    #expect(made.values.allSatisfy { $0.features[.bestShare] == share })
    #expect(made["flood"]?.features[.retrievedRank] == 0 && made["flood"]?.features[.retrievedCount] == 2)
    #expect(abs(made.values.reduce(0) { $0 + $1.features[.similarityShare] } - 1) < 1e-9)
  }

  @Test func onlyHashtagsAreCandidates() {
    let made = set("Kerala 2018", typed: ["洪水", "9_11"])
    #expect(Set(made.keys) == ["flood", "kerala", "keralafloods", "洪水"])
    #expect(made["洪水"]?.display == "洪水")
  }

  @Test func whatTheSelectorFindsLikelyIsACandidate() throws {
    let index = try SmallIndex.make((0..<8).map { ([1, Float($0)], [$0 % 2 == 0 ? "Flood" : "Storm"], []) })
    let query = index.relevanceQuery(SmallIndex.unit([1]))
    func selected(by query: HashtagQuery?) -> [Candidate] {
      let tweet = Query(text: "").tweet
      let evidence = TweetEvidence(tweet: tweet, index: index, statistics: CorpusStatistics(index: index), selector: query)
      var set = CandidateSet(evidence, from: [SelectedCandidates()])
      set.measure(by: CandidateSources().features)
      return set.candidates
    }
    let made = selected(by: query)
    #expect(made.map(\.normal) == ["flood", "storm"])
    #expect(made.allSatisfy { $0.sources == [.selected] })
    #expect(made.map { $0.features[.likelihoodRank] } == [0, 1])
    #expect(abs(made.reduce(0) { $0 + $1.features[.likelihood] } - 1) < 1e-9)
    #expect(made[0].features[.likelihood] > 0.99)
    #expect(selected(by: nil).isEmpty)
  }

  @Test func whatOnlyExcludedRowsCarryIsUnknown() {
    let made = set(
      "Kerala flood", generated: [GeneratedHashtag(normal: "kerala", position: 0, meanProbability: 1, leastProbability: 1)],
      excluding: [0])
    let kerala = made["kerala"]
    #expect(kerala?.hashtag == nil && kerala?.sources == [.text, .generated] && kerala?.display == "Kerala")
    #expect(kerala?.features[.frequency] == 0 && kerala?.features[.mentions] == 0)
    #expect(made["flood"]?.features[.frequency] == 1)
  }

  @Test func wordsThatNobodyHasUsedMayBecomeHashtags() throws {
    let made = set("NEW in Millbrook: CampFire near O'Hara @Somebody 12 ab \(String(repeating: "x", count: 41))")
    #expect(Set(made.keys) == ["flood", "kerala", "keralafloods", "new", "millbrook", "campfire", "near", "hara"])
    let camp = try #require(made["campfire"])
    #expect(camp.display == "CampFire" && camp.hashtag == nil && camp.sources == [.text])
    #expect(camp.features[.innerCapital] == 1 && camp.features[.capitalised] == 1 && camp.features[.allCapitals] == 0)
    #expect(made["new"]?.features[.allCapitals] == 1 && made["new"]?.features[.atStart] == 1)
    #expect(made["millbrook"]?.display == "Millbrook" && made["millbrook"]?.features[.atStart] == 0)
    #expect(made["near"]?.features[.capitalised] == 0)
    #expect(made["hara"]?.display == "Hara")
  }

  @Test func nothingIsGluedOverPunctuation() {
    #expect(Set(set("folks…these Kerala-floods D1-D4").keys) == ["flood", "kerala", "keralafloods", "folks", "these", "floods"])
    #expect(set("Kerala, floods")["keralafloods"]?.sources == [.retrieved])
    #expect(set("Kerala-floods")["keralafloods"]?.sources == [.retrieved, .text])
  }

  @Test func capitalisedWordsThatNobodyHasJoinedMayBecomeAHashtag() {
    let made = set("the Camp Fire near Paradise, Butte county")
    #expect(made["campfire"]?.display == "CampFire" && made["campfire"]?.features[.wordsJoined] == 2)
    #expect(made["buttecounty"] == nil && made["paradisebutte"] == nil && made["thecamp"] == nil)
  }

  @Test func whatWordsCoverIsMeasured() {
    let made = set("Kerala again", typed: ["NepalQuake"])
    #expect(made["keralafloods"]?.features[.covered] == 0.5 && made["kerala"]?.features[.covered] == 1)
    #expect(made["nepalquake"]?.features[.covered] == 1 && made["flood"]?.features[.covered] == 0)
  }

  @Test func hugeLinesStayCheap() {
    let many = (0..<20_000).map { "Tag\($0)" }
    let made = set(many.joined(separator: " ") + " storm", typed: many)
    #expect(made["storm"] == nil && made["tag99"] != nil && made["tag100"] == nil)
    #expect(made.count <= 3 + TypedCandidates.maximum + TextCandidates.maximumUnknown)
    #expect(set(String(repeating: "x ", count: 399) + "storm")["storm"] != nil)
  }
}
