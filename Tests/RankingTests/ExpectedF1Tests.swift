// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Ranking

@Suite struct ExpectedF1Tests {
  /// The definition: a sum over all combinations of correct and wrong hashtags, weighted by probability.
  private func expectation(_ probabilities: [Double], length: Int) -> Double {
    var total = 0.0
    for outcome in 0..<(1 << probabilities.count) {
      var (chance, hits, right) = (1.0, 0, 0)
      for (place, probability) in probabilities.enumerated() {
        let isRight = outcome >> place & 1 == 1
        chance *= isRight ? probability : 1 - probability
        if isRight { right += 1 }
        if isRight, place < length { hits += 1 }
      }
      total += right == 0 ? 0 : chance * 2 * Double(hits) / Double(length + right)
    }
    return total
  }

  @Test(arguments: [
    [0.9, 0.8, 0.7, 0.1, 0.05, 0.01], [0.9, 0.2, 0.1], [0.3, 0.29, 0.28, 0.27, 0.26, 0.25], [1, 1, 1, 0.5, 0, 0], [0.02],
    [0.5, 0.5], [0.99, 0.4, 0.35, 0.3, 0.1, 0.1, 0.1, 0.1],
  ])
  func theLengthOfTheLargestExpectation(probabilities: [Double]) {
    for count in 1...5 {
      let lengths = Array(1...min(count, probabilities.count))
      let expected = lengths.map { expectation(probabilities, length: $0) }
      let found = ExpectedF1(probabilities, atMost: count).length
      #expect(lengths.contains(found))
      #expect(expected[found - 1] > expected.max()! - 1e-12)
    }
  }

  @Test func sureHashtagsAreAllAnsweredAndHopelessOnesLeftOut() {
    #expect(ExpectedF1([1, 1, 1, 0, 0], atMost: 5).length == 3)
    #expect(ExpectedF1([0.9] + Array(repeating: 0.02, count: 40), atMost: 5).length == 1)
    #expect(ExpectedF1([0, 0], atMost: 5).length == 1)
  }

  @Test func noCandidatesAndManySureOnes() {
    #expect(ExpectedF1([], atMost: 5).length == 0)
    #expect(ExpectedF1([0.5], atMost: 0).length == 0)
    #expect(ExpectedF1(Array(repeating: 1, count: 60), atMost: 50).length == 50)
  }
}
