// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Testing

@testable import Ranking

@Suite struct RankingTests {
  private func model(_ text: String) throws -> RankingModel {
    try RankingModel(json: JSONValue(parsing: text))
  }

  private let two = """
    {"features": ["frequency", "inText"], "base": -0.5,
     "trees": [
      {"feature": [0, 1, -1, -1, -1], "threshold": [10, 0.5, 0, 0, 0], "left": [1, 2, 0, 0, 0], "right": [4, 3, 0, 0, 0],
       "value": [0, 0, 0.25, 2, -1]},
      {"feature": [-1], "threshold": [0], "left": [0], "right": [0], "value": [0.125]}],
     "calibration": {"x": [0.2, 0.5, 0.8], "y": [0.1, 0.1, 0.9]}}
    """

  @Test func treesAddUp() throws {
    let model = try model(two)
    var features = FeatureVector()
    features[.frequency] = 10
    #expect(model.rawScore(features) == -0.5 + 0.25 + 0.125)
    features[.inText] = 1
    #expect(model.rawScore(features) == -0.5 + 2 + 0.125)
    features[.frequency] = 10.5
    #expect(model.rawScore(features) == -0.5 - 1 + 0.125)
  }

  @Test func severalCandidatesGetTheScoresThatEachGetsAlone() throws {
    let model = try model(two)
    let vectors = (0..<20).map { number in
      var features = FeatureVector()
      features[.frequency] = Double(number)
      features[.inText] = Double(number % 2)
      return features
    }
    #expect(model.rawScores(vectors) == vectors.map(model.rawScore) && Set(model.rawScores(vectors)).count == 3)
    #expect(model.rawScores([]) == [])
  }

  @Test func theIndexOfAFeatureIsThatOfItsCase() {
    #expect(Feature.allCases.map(\.index) == Array(Feature.allCases.indices))
  }

  @Test func topicIsALinearModelOfTheEmbedding() throws {
    let model = try model(
      #"{"features":["topic"],"base":0,"trees":[],"topic":{"weights":[2,-1,0.5],"bias":-0.25}}"#)
    #expect(model.topic?.logOdds([1, 3, 4]) == 0.75)
    #expect(model.silence == nil && !model.knowsGenerator && !model.knowsStream)
    let plain = try self.model(#"{"features":["generatedMean"],"base":0,"trees":[]}"#)
    #expect(plain.topic == nil && plain.knowsGenerator)
  }

  @Test func anAnswerIsEmptyWhereNothingSpeaksForAHashtag() throws {
    let ranking = try model(
      #"{"features":["length"],"base":0,"trees":[],"silence":{"bias":-2,"expected":4,"topic":0.5,"nearest":1}}"#)
    let silence = try #require(ranking.silence)
    var features = FeatureVector()
    features[.topic] = 1
    features[.nearestSimilarity] = 0.5
    #expect(silence.applies(expectedF1: 0.0624, features) && !silence.applies(expectedF1: 0.0625, features))
    features[.streamNearest] = 0.9
    #expect(!silence.applies(expectedF1: 0.0624, features))
  }

  @Test func calibrationIsPiecewiseLinear() throws {
    let calibration = try model(two).calibration
    for (x, y) in [(0.0, 0.1), (0.2, 0.1), (0.4, 0.1), (0.5, 0.1), (0.65, 0.5), (0.8, 0.9), (1, 0.9)] {
      #expect(abs(calibration.apply(to: x) - y) < 1e-12)
    }
    let step = Calibration(x: [0, 0.5, 0.5, 1], y: [0, 0.2, 0.6, 1])
    #expect(step.apply(to: 0.5) == 0.6 && abs(step.apply(to: 0.25) - 0.1) < 1e-12)
    #expect(Calibration(x: [0.5], y: [0.3]).apply(to: 0.9) == 0.3)
    #expect(Calibration.identity.apply(to: 0.3) == 0.3)
  }

  @Test func sigmoidIsTheLogisticFunction() {
    for (x, y) in [
      (0, 0.5), (1, 0.731_058_578_630_004_9), (-1, 0.268_941_421_369_995_1), (4.5, 0.989_013_057_369_406_8),
      (-20, 2.061_153_618_190_203_6e-9),
    ] {
      #expect(abs(Sigmoid.apply(to: x) - y) <= 1e-11 * y)
    }
    #expect(Sigmoid.apply(to: -.infinity) == 0 && Sigmoid.apply(to: .infinity) == 1)
  }

  @Test(arguments: [
    ("{}", "features"),
    (#"{"features":["length"],"base":0,"trees":[],"silence":1.5}"#, "silence."),
    (#"{"features":["length"],"base":0,"trees":[],"silence":{"bias":1,"expected":2,"topic":3}}"#, "silence.nearest"),
    (#"{"features":["length"],"base":0,"trees":[],"topic":{"weights":[],"bias":0}}"#, "topic.weights: is empty"),
    (#"{"features":["length"],"base":0,"trees":[],"topic":{"weights":[1]}}"#, "topic."),
    (#"{"features":["moon"],"base":0,"trees":[]}"#, "moon"),
    (#"{"features":[],"base":0,"trees":[]}"#, "features: is empty"),
    (#"{"features":["length","length"],"base":0,"trees":[]}"#, "features: names \"length\" twice"),
    (#"{"features":["length"],"base":"x","trees":[]}"#, "base"),
    (#"{"features":["length"],"base":0,"trees":[{"feature":[],"threshold":[],"left":[],"right":[],"value":[]}]}"#, "trees.0: "),
    (
      #"{"features":["length"],"base":0,"trees":[{"feature":[-1],"threshold":[],"left":[0],"right":[0],"value":[0]}]}"#,
      "trees.0: its arrays are empty or differ in length"
    ),
    (
      #"{"features":["length"],"base":0,"trees":[{"feature":[-1],"threshold":["a"],"left":[0],"right":[0],"value":[0]}]}"#,
      "trees.0.threshold.0: is a string"
    ),
    (
      #"{"features":["length"],"base":0,"trees":[{"feature":[1],"threshold":[0],"left":[0],"right":[0],"value":[0]}]}"#,
      "trees.0: node 0 uses feature 1, outside 0..<1"
    ),
    (
      #"{"features":["length"],"base":0,"trees":[{"feature":[-2],"threshold":[0],"left":[0],"right":[0],"value":[0]}]}"#,
      "trees.0: node 0 uses feature -2, outside 0..<1"
    ),
    (
      #"{"features":["right"],"base":0,"trees":[{"feature":[0,-1],"threshold":[0,0],"left":[0,0],"right":[1,0],"value":[0,0]}]}"#,
      "trees.0: node 0 has the child 0, which must come after it"
    ),
    (
      #"{"features":["right"],"base":0,"trees":[{"feature":[0,-1],"threshold":[0,0],"left":[1,0],"right":[2,0],"value":[0,0]}]}"#,
      "trees.0: node 0 leads to node 2, outside 0..<2"
    ),
    (#"{"features":["length"],"base":0,"trees":[],"calibration":7}"#, "calibration.x: is missing"),
    (#"{"features":["length"],"base":0,"trees":[],"calibration":{"x":[],"y":[]}}"#, "calibration: x has 0"),
    (#"{"features":["length"],"base":0,"trees":[],"calibration":{"x":[0],"y":[0,1]}}"#, "calibration: x has 1 and y 2 numbers"),
    (#"{"features":["length"],"base":0,"trees":[],"calibration":{"x":[1,0],"y":[0,1]}}"#, "calibration.x.1: is less"),
    (#"{"features":["length"],"base":0,"trees":[],"calibration":{"x":[0,1],"y":[0.5,0.25]}}"#, "calibration.y.1: is less"),
    (#"{"features":["length"],"base":0,"trees":[],"calibration":{"x":[0,1],"y":[0.5,1.5]}}"#, "calibration.y.1: is 1.5"),
  ]) func brokenRankingsAreNamed(text: String, part: String) throws {
    let error = try #require(throws: RankingError.self) { try model(text) }
    #expect(error.description.contains(part), "\(error)")
  }

  @Test func theFormulaRisesWithEachOfItsParts() {
    var features = FeatureVector()
    #expect(FixedRanking.score(features) == 0)
    var last = 0.0
    for (feature, value) in [(Feature.similaritySum, 0.5), (.taggedRate, 0.5), (.inText, 1), (.generatedMean, 0.9)] {
      features[feature] = value
      #expect(FixedRanking.score(features) >= last)
      last = FixedRanking.score(features)
    }
    #expect(last > 0.6 && last < 1)
  }

  @Test func aRankingThatDoesNotKnowEventsIsJoinedWithTheCard() throws {
    let model = try model(two)
    #expect(!model.knowsEvents)
    let one = #"{"feature":[-1],"threshold":[0],"left":[0],"right":[0],"value":[0]}"#
    let other = try self.model("{\"features\":[\"eventCovered\"],\"base\":0,\"trees\":[\(one)]}")
    #expect(other.knowsEvents)
    var features = FeatureVector()
    features[.frequency] = 20
    let plain = try #require(Ranker.learned(model).score(features, writtenPlace: nil))
    func joined() -> Double? {
      Ranker.joined(model, stream: false, event: true).score(features, writtenPlace: nil)?.probability
    }
    // A hashtag that the card does not name keeps its probability.
    #expect(joined() == plain.probability && plain.probability == 0.1)
    features[.event] = 1
    #expect(abs(try #require(joined()) - 0.415) < 1e-12)
    features[.covered] = 1
    #expect(abs(try #require(joined()) - 0.685) < 1e-12)
    #expect(Ranker.joined(model, stream: true, event: false).score(features, writtenPlace: nil)?.probability == 0.1)
  }

  @Test func everyFeatureHasItsPlace() {
    #expect(Feature.allCases.map(\.index) == Array(0..<Feature.allCases.count))
  }
}
