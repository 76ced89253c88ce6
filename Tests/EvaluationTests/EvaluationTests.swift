// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Foundation
import Testing

/// Compares the figures with NLTK and Python; Tools/fixtures/evaluation.py makes the fixtures.
@Suite struct EvaluationTests {
  private struct Row: Decodable {
    let predicted, gold: [String]?
    let values, means: [Double]?
  }

  private static func rows<Row: Decodable>(_ name: String, as type: Row.Type) throws -> [Row] {
    let data = try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Fixtures/" + name))
    return try data.split(separator: 0x0A).map { try JSONDecoder().decode(type, from: Data($0)) }
  }

  private func tweet(_ predicted: [String], _ gold: [String]) -> JudgedTweet {
    let hashtag = { JudgedHashtag(normal: $0, words: [$0]) }
    return JudgedTweet(predicted: predicted.map(hashtag), gold: gold.map(hashtag))
  }

  @Test func recallCountsEveryGoldHashtag() {
    var recall = Recall()
    #expect(recall.percentage == 0)
    recall.add(["flood", "kerala"], found: ["kerala", "fire"])
    recall.add([], found: ["fire"])
    recall.add(["aluva", "bridge"], found: [])
    #expect(recall.found == 1 && recall.gold == 4 && recall.percentage == 25)
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-14 * max(1, abs(b)) }

  @Test func figuresEqualPythons() throws {
    var evaluation = Evaluation(.standard)
    var means: [Double] = []
    for row in try Self.rows("evaluation.jsonl", as: Row.self) {
      guard let predicted = row.predicted, let gold = row.gold, let values = row.values else {
        means = row.means ?? []
        continue
      }
      let found = [
        HashtagMetrics.f1(predicted: predicted, gold: gold, at: 1),
        HashtagMetrics.f1(predicted: predicted, gold: gold, at: 2),
        HashtagMetrics.f1(predicted: predicted, gold: gold, at: 5),
        HashtagMetrics.averagePrecision(predicted: predicted, gold: gold, at: 5),
        HashtagMetrics.bleu(predicted: Array(predicted.prefix(2)), gold: gold),
        HashtagMetrics.bleu(predicted: predicted, gold: gold),
        HashtagMetrics.distinct1(predicted.prefix(2)),
      ]
      #expect(zip(found, values).allSatisfy(isClose), "\(predicted) \(gold)")
      evaluation.add(tweet(predicted, gold))
    }
    #expect(evaluation.count == 603 && means.count == 7 && evaluation.rows.count == 7)
    #expect(zip(evaluation.rows, means).allSatisfy { isClose($0.value, $1) })
  }

  @Test func repeatsAndEmptyPredictionsAreLeftOut() {
    var evaluation = Evaluation(.standard)
    evaluation.add(tweet(["", "flood", "flood", "storm"], ["storm"]))
    let figures = Dictionary(uniqueKeysWithValues: evaluation.rows)
    #expect(isClose(figures["F1@2"] ?? 0, 200.0 / 3) && figures["answered"] == 100)
  }

  @Test func emptyInputsGiveZeros() {
    let measures = [Measure].standard + .papers(withBERTScore: true)
    #expect(Evaluation(measures).rows.allSatisfy { $0.value == 0 })
    var evaluation = Evaluation(measures)
    evaluation.add(tweet([], []))
    evaluation.add(tweet(["a"], []))
    let answers: Set = ["dist-1", "answered", "ASSIGNER dist-1"]
    #expect(evaluation.rows.allSatisfy { $0.value == (answers.contains($0.name) ? 50 : 0) })
    #expect(HashtagMetrics.f1(predicted: ["a"], gold: ["a"], at: -1) == 0)
    #expect(HashtagMetrics.averagePrecision(predicted: ["a"], gold: ["a"], at: -1) == 0)
    #expect(
      HashtagMetrics.bleu(predicted: [], gold: ["a"]) == 0 && HashtagMetrics.bleu(predicted: ["a"], gold: []) == 0)
    #expect(HashtagMetrics.distinct1([]) == 0)
  }

  private struct Sum: Decodable {
    let numbers: [Double]
    let sum: Double
  }

  @Test func sumsAreExact() throws {
    for row in try Self.rows("sums.jsonl", as: Sum.self) {
      var sum = ExactSum()
      for number in row.numbers { sum.add(number) }
      #expect(sum.value == row.sum, "\(row.numbers)")
    }
  }

  @Test func reliabilityGroupsByScore() {
    var table = ReliabilityTable(bins: 4)
    for (score, isHit) in [
      (0.1, false), (0.2, true), (0.25, false), (0.9, true), (1.0, true), (2, true), (-1, false), (.nan, false),
    ] {
      table.add(score: score, isHit: isHit)
    }
    #expect(table.bins.map(\.count) == [4, 1, 0, 3])
    #expect(table.bins.map(\.hits) == [1, 0, 0, 3])
    #expect(table.bins[0].hitRate == 0.25 && isClose(table.bins[0].meanScore, 0.075) && table.bins[2].hitRate == 0)
    #expect(isClose(table.expectedCalibrationError, (4 * 0.175 + 0.25 + 3 * (1 - 2.9 / 3)) / 8))
    #expect(ReliabilityTable(bins: 0).bins.count == 1 && ReliabilityTable().expectedCalibrationError == 0)
  }

  @Test func quantilesLieBetweenNeighbours() {
    #expect(Statistics.mean([]) == 0 && Statistics.median([]) == 0 && Statistics.mean([1, 2, 6]) == 3)
    #expect(Statistics.median([3, 1, 2]) == 2 && Statistics.median([4, 1, 2, 3]) == 2.5)
    #expect(
      Statistics.quantile([0, 10], 0.95) == 9.5 && Statistics.quantile([1, 2], 7) == 2
        && Statistics.quantile([1, 2], .nan) == 1)
  }
}
