// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Evaluation

/// Compares the papers' measures with the programs that the papers used; Tools/fixtures/paper_measures.py makes the fixtures.
@Suite struct PaperMeasureTests {
  private struct Row: Decodable {
    let predicted, gold: [String]?
    let values: [String: Double]?
    let names: [String]?
    let figures: [Double]?
  }

  private static func fixture(_ name: String) throws -> Data {
    try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Fixtures/" + name))
  }

  private static let rows: [Row] =
    (try? fixture("papers.jsonl").split(separator: 0x0A).map {
      try JSONDecoder().decode(Row.self, from: Data($0))
    }) ?? []

  private static func tweet(_ row: Row) throws -> JudgedTweet {
    let hashtag: (String) -> JudgedHashtag = { phrase in
      JudgedHashtag(normal: phrase.replacing(" ", with: ""), words: phrase.split(separator: " ").map(String.init))
    }
    return JudgedTweet(predicted: try #require(row.predicted).map(hashtag), gold: try #require(row.gold).map(hashtag))
  }

  /// The package `rouge` adds 1e-8 to a divisor.
  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 2e-8 * max(1, abs(b)) }

  @Test func everyRowEqualsTheReferences() throws {
    let rows = Self.rows.filter { $0.values != nil }
    #expect(rows.count == 204)
    for row in rows {
      var evaluation = Evaluation(.papers(withBERTScore: false))
      evaluation.add(try Self.tweet(row))
      let figures = Dictionary(uniqueKeysWithValues: evaluation.rows)
      for (name, value) in try #require(row.values) {
        #expect(isClose(try #require(figures[name]) / 100, value), "\(name) of \(row.predicted ?? []) for \(row.gold ?? [])")
      }
    }
  }

  @Test func figuresOfTheWholeFileEqualTheReferences() throws {
    var evaluation = Evaluation(.papers(withBERTScore: false))
    for row in Self.rows where row.values != nil { evaluation.add(try Self.tweet(row)) }
    let figures = Dictionary(uniqueKeysWithValues: evaluation.rows)
    let last = try #require(Self.rows.last)
    #expect(last.names?.count == 14 && figures.count == 14)
    for (name, value) in zip(try #require(last.names), try #require(last.figures)) {
      #expect(isClose(try #require(figures[name]), value), "\(name)")
    }
  }

  @Test func stemsEqualNLTKs() throws {
    let stems = try JSONDecoder().decode([String: String].self, from: Self.fixture("stems.json"))
    #expect(stems.count > 1000)
    for (word, stem) in stems { #expect(PorterStemmer.stem(word) == stem, "\(word)") }
    // A word of any length costs linear time and no stack.
    #expect(PorterStemmer.stem(String(repeating: "y", count: 100_000)).count == 100_000)
  }

  @Test func bertScoreEqualsThePackages() throws {
    struct Case: Decodable {
      let predicted, gold: [[Float]]
      let values: [Double]
    }
    let cases = try JSONDecoder().decode([Case].self, from: Self.fixture("bertscore.json"))
    #expect(cases.count == 3)
    for item in cases {
      let score = BERTScore(predicted: item.predicted, gold: item.gold)
      for (ours, theirs) in zip([score.precision, score.recall, score.f], item.values) { #expect(abs(ours - theirs) < 1e-6) }
    }
    #expect(BERTScore(predicted: [[1], [1]], gold: [[1], [1], [1]]) == BERTScore(predicted: [], gold: []))
  }

  @Test func bothSidesDivideAHashtagAlike() {
    var lexicon = WordLexicon()
    lexicon.add("riverflood", words: ["riverflood"])
    lexicon.add("riverflood", words: ["river", "flood"])
    lexicon.add("riverflood", words: ["riverflood"])
    #expect(lexicon["riverflood"].words == ["river", "flood"] && lexicon["other"].words == ["other"])
  }
}

@Suite struct PairedBootstrapTests {
  /// Tweets of which the second program answers all that the first does, and `more` of the others.
  private func tweets(_ count: Int, more: Int) -> [(first: JudgedTweet, second: JudgedTweet)] {
    let (right, wrong) = (JudgedHashtag(normal: "a", words: []), JudgedHashtag(normal: "b", words: []))
    return (0..<count).map { place in
      let (first, second) = (place % 2 == 0, place % 2 == 0 || place / 2 < more)
      return (
        first: JudgedTweet(predicted: [first ? right : wrong], gold: [right]),
        second: JudgedTweet(predicted: [second ? right : wrong], gold: [right])
      )
    }
  }

  @Test func theIntervalIsThatOfTheDifference() throws {
    // 40 of 400 differences are 1: mean 10 points, standard error √(0.1 · 0.9 / 400) = 1.5 points.
    let bootstrap = PairedBootstrap(.standard, tweets(400, more: 40), resamples: 4000, seed: 1)
    let row = try #require(bootstrap.rows.first)
    #expect(row.name == "F1@1" && row.first == 50 && row.second == 60 && abs(row.difference - 10) < 1e-12)
    #expect(abs(row.interval.lowerBound - (10 - 1.96 * 1.5)) < 0.5 && abs(row.interval.upperBound - (10 + 1.96 * 1.5)) < 0.5)
    #expect(row.isClear)
    let same = PairedBootstrap(.standard, tweets(400, more: 0), resamples: 50, seed: 1)
    #expect(same.rows.allSatisfy { $0.difference == 0 && $0.interval == 0...0 && !$0.isClear })
  }

  @Test func measuresOfTheWholeCorpusAreDrawnAgainToo() throws {
    let bootstrap = PairedBootstrap(.papers(withBERTScore: false), tweets(100, more: 20), resamples: 200, seed: 3)
    let row = try #require(bootstrap.rows.first { $0.name == "RIGHT F1@1" })
    #expect(abs(row.difference - 20) < 1e-9 && row.interval.lowerBound > 5 && row.interval.upperBound < 35)
  }

  @Test func theSeedDecides() {
    let rows = { PairedBootstrap(.standard, self.tweets(60, more: 5), resamples: 100, seed: $0).rows }
    #expect(rows(4) == rows(4) && rows(4) != rows(5))
    #expect(PairedBootstrap(.standard, [], resamples: 10, seed: 0).rows.allSatisfy { $0.interval == 0...0 })
  }
}
