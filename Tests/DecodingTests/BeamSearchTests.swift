// SPDX-License-Identifier: Apache-2.0

import Tensors
import Testing

@testable import Decoding

@Suite struct BeamSearchTests {
  @Test func greedyTakesTheMostProbableToken() throws {
    for seed in UInt64(1)...20 {
      let scorer = ToyScorer(vocabularySize: 7, seed: seed)
      let found = try #require(try scorer.search(BeamOptions(maximumLength: 12)).first)
      var sequence: [Int32] = [0]
      var sum = 0.0
      while sequence.count < 12, sequence.count == 1 || sequence.last != 2 {
        let values = scorer.logProbabilities(sequence)
        let best = values.indices.max { values[$0] < values[$1] }!
        sum += values[best]
        sequence.append(Int32(best))
      }
      #expect(found.tokens == Array(sequence.dropFirst()))
      #expect(abs(Double(found.score) - sum / Double(found.tokens.count)) < 1e-5)
    }
  }

  @Test func beamsThatHoldEverySequenceFindTheBest() throws {
    // Three tokens are possible, so that four tokens make 1 + 2 + 4 + 8 × 3 sequences.
    let scorer = ToyScorer(vocabularySize: 40, allowed: [2, 5, 9])
    var all: [(tokens: [Int32], score: Double)] = []
    func extend(_ sequence: [Int32], _ score: Double) {
      for (token, value) in scorer.logProbabilities(sequence).enumerated() where scorer.allowed!.contains(Int32(token)) {
        let longer = sequence + [Int32(token)]
        if token == 2 || longer.count == 5 {
          all.append((Array(longer.dropFirst()), score + value))
        } else {
          extend(longer, score + value)
        }
      }
    }
    extend([0], 0)
    #expect(all.count == 31)
    all.sort { $0.score > $1.score }
    let found = try scorer.search(
      BeamOptions(beams: 20, sequences: 20, maximumLength: 5, lengthPenalty: 0, earlyStopping: .never))
    #expect(found.map(\.tokens) == all.prefix(20).map(\.tokens))
    for (ours, exact) in zip(found, all) {
      #expect(abs(Double(ours.score) - exact.score) < 1e-5)
      #expect(abs(Double(ours.logProbabilities.reduce(0, +)) - exact.score) < 1e-5)
    }
  }

  @Test(arguments: [1, 2, 5, 20])
  func minimumLengthNoRepetitionAndForcedTokensHold(beams: Int) throws {
    let control = ControlTokens(start: 2, end: 2, forcedFirst: 3, forcedLast: 2)
    for noRepeat in 1...3 {
      let scorer = ToyScorer(vocabularySize: 50, seed: UInt64(noRepeat))
      let found = try scorer.search(
        BeamOptions(
          beams: beams, sequences: beams, maximumLength: 14, minimumLength: 6, lengthPenalty: 0.5, noRepeat: noRepeat),
        control: control)
      #expect(found.count == beams)
      #expect(Set(found.map(\.tokens)).count == beams)
      for sequence in found {
        let tokens = [2] + sequence.tokens
        #expect(tokens[1] == 3 && sequence.logProbabilities[0] == 0)
        #expect(tokens.last == 2 && tokens.count <= 14 && tokens.count > 6)
        // The forced end may repeat the start.
        let free = tokens.count == 14 ? Array(tokens.dropLast()) : tokens
        let runs = (0...free.count - noRepeat).map { Array(free[$0..<$0 + noRepeat]) }
        #expect(Set(runs).count == runs.count, "\(tokens)")
      }
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
    }
  }

  @Test func valuesOutOfRangeAndScoresThatAreNoNumbersAreHandled() throws {
    var scorer = ToyScorer(vocabularySize: 50)
    scorer.maximumSteps = 3
    let wild = BeamOptions(
      beams: 1000, sequences: -5, maximumLength: .max, minimumLength: .max, lengthPenalty: .nan, noRepeat: .min)
    #expect(try scorer.search(wild).map(\.tokens.count) == [3])
    #expect(try scorer.search(BeamOptions(beams: 0, maximumLength: .min, noRepeat: .max)).map(\.tokens.count) == [1])
    scorer.isNumber = false
    #expect(try scorer.search(BeamOptions(beams: 4)) == [])
    let noneLeft = ToyScorer(vocabularySize: 3)
    #expect(try noneLeft.search(BeamOptions(beams: 2, sequences: 2, maximumLength: 9, noRepeat: 1)).count == 2)
  }

  @Test func earlyStoppingLooksNoFurtherThanItsRuleAsks() throws {
    func steps(_ rule: BeamOptions.EarlyStopping, penalty: Double) throws -> Int {
      var total = 0
      for seed in UInt64(1)...10 {
        var scorer = ToyScorer(vocabularySize: 12, seed: seed)
        let options = BeamOptions(beams: 3, maximumLength: 40, lengthPenalty: penalty, earlyStopping: rule)
        let size = BeamSearch.scratch(vocabularySize: 12, options: options, steps: 64)
        _ = try BeamSearch.run(
          &scorer, options: options, control: ControlTokens(start: 0, end: 2), arena: Arena(capacity: size))
        total += scorer.steps
      }
      return total
    }
    let (full, behind, never) = (
      try steps(.whenFull, penalty: 1), try steps(.whenBehind, penalty: 1), try steps(.never, penalty: 1)
    )
    #expect(full <= behind && behind < never, "\(full) \(behind) \(never)")
  }
}
