// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Testing

@testable import Diffusion

@Suite struct CandidateChoiceTests {
  func fixture() throws -> JSONValue {
    let path = GoldenModel.root + "/Tests/DiffusionTests/Fixtures/bleu.json"
    return try JSONValue(parsing: MappedFile(path: path).copy)
  }

  @Test func sentenceScoresEqualSacreBLEU() throws {
    var positive = 0
    let pairs = try fixture().array("pairs")
    for pair in pairs {
      let expected = try pair.number("score")
      let score = try SentenceBLEU.score(pair.integers("hypothesis"), reference: pair.integers("reference"))
      #expect(abs(score - expected) < 1e-9, "\(pair.serialized())")
      positive += expected > 0 ? 1 : 0
    }
    #expect(pairs.count == 120 && positive > 50)
  }

  @Test func minimumBayesRiskChoosesAsSacreBLEUDoes() throws {
    let sets = try fixture().array("sets")
    #expect(sets.count > 15)
    for set in sets {
      let candidates = try set.array("candidates").indices.map { try set.integers("candidates", "\($0)") }
      #expect(try CandidateChoice.minimumBayesRisk(candidates) == set.integer("best"), "\(set.serialized())")
    }
    #expect(CandidateChoice.minimumBayesRisk([[Int]]()) == 0)
    #expect(CandidateChoice.minimumBayesRisk([["a", "b"], ["a", "b"]]) == 0)
  }

  @Test func votesCountAHashtagOnceASequenceThenGoByPlace() {
    let votes = CandidateChoice.votes([["flood", "flood", "kerala"], ["kerala", "rescue"], ["rain", "kerala"], ["rescue"]])
    #expect(votes.map(\.hashtag) == ["kerala", "rescue", "flood", "rain"])
    #expect(votes.map(\.count) == [3, 2, 1, 1])
    #expect(votes.map(\.sequence) == [0, 1, 0, 2])
    #expect(votes.map(\.position) == [2, 1, 0, 0])
    #expect(CandidateChoice.votes([[String]]()).isEmpty)
  }
}
