// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ranking
import Retrieval
import Testing

@testable import Recommender

@Suite struct HashtagLikelihoodTests {
  private let index: CorpusIndex
  private let query: HashtagQuery

  /// #flood 5 times along the first axis, #storm 4 times along the second, #fire 3 times along the first, #rare twice.
  init() throws {
    let tags = ["Flood", "Storm", "Fire", "Rare"]
    index = try SmallIndex.make(
      zip(tags, [5, 4, 3, 2]).flatMap { tag, count in (0..<count).map { ([1, Float($0)], [tag], [tag.lowercased()]) } })
    query = try #require(index.relevanceQuery(SmallIndex.unit([1, 0.9])))
  }

  private func number(_ tag: String) throws -> Int { try #require(index.lookup(tag)) }

  @Test func isTheFormula() throws {
    let found = HashtagLikelihood(index: index, statistics: CorpusStatistics(index: index), query: query, count: 10)
    var weights: [Int: Double] = [:]
    for (tag, count) in [("flood", 4.0), ("storm", 4.0), ("fire", 3.0)] {  // 5 tweets count as 4: rounded to half octaves
      weights[try number(tag)] = count * exp(20 * Double(index.relevance(try number(tag), query)))
    }
    let total = weights.values.reduce(0, +)
    for (hashtag, weight) in weights { #expect(abs(found.probability(hashtag) - weight / total) < 1e-9) }
    #expect(found.best == weights.keys.sorted { weights[$0]! > weights[$1]! })
    #expect(!found.best.contains(try number("rare")))
  }

  @Test func keepsTheLikeliest() throws {
    let statistics = CorpusStatistics(index: index)
    let all = HashtagLikelihood(index: index, statistics: statistics, query: query, count: 10)
    for count in 0...3 {
      let some = HashtagLikelihood(index: index, statistics: statistics, query: query, count: count)
      #expect(some.best == Array(all.best.prefix(count)))
      #expect(some.probability(all.best[0]) == all.probability(all.best[0]))
    }
  }

  @Test func excludedRowsAreNotCounted() throws {
    let fire = try number("fire")
    let rows = (0..<index.rowCount).filter { index.hashtags(ofRow: $0).contains(fire) }
    let without = CorpusStatistics(index: index, excluding: Set(rows.prefix(1)))
    let found = HashtagLikelihood(index: index, statistics: without, query: query, count: 10)
    #expect(!found.best.contains(fire) && found.best.count == 2)
    let gone = CorpusStatistics(index: index, excluding: Set(0..<index.rowCount))
    let nothing = HashtagLikelihood(index: index, statistics: gone, query: query, count: 10)
    #expect(nothing.best == [] && nothing.probability(fire) == 0)
  }
}
