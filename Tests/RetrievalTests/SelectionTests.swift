// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Retrieval

@Suite struct SelectionTests {
  let neighbors = [
    Neighbor(row: 0, similarity: 0.9), Neighbor(row: 1, similarity: 0.5), Neighbor(row: 2, similarity: 0.4),
    Neighbor(row: 3, similarity: -0.2),
  ]
  let carried = [[2, 7], [7], [1, 7], [9]]

  @Test func gathersByHashtag() throws {
    let selected = Selection.gather(neighbors) { carried[$0] }
    #expect(selected.map(\.hashtag) == [1, 2, 7, 9])
    let seven = try #require(selected.first { $0.hashtag == 7 })
    #expect(seven.count == 3)
    #expect(abs(seven.mean - 0.6) < 1e-6)
    #expect(seven.maximum == 0.9)
    #expect(abs(seven.fourthPowers - (0.6561 + 0.0625 + 0.0256)) < 1e-6)
    // (0.6 + 0.3) (1 + 2 / 10)
    #expect(abs(seven.score(relevance: 0.3) - 1.08) < 1e-6)
    #expect(selected.last?.fourthPowers == 0)
    #expect(selected.last?.maximum == -0.2)
  }

  @Test func topIsByRightsScoreThenNumber() {
    let selected = Selection.gather(neighbors) { carried[$0] }
    let top = Selection.top(selected, count: 2) { $0 == 1 ? 0.5 : 0 }
    // 2 and 1 both score 0.9.
    #expect(top.map(\.hashtag) == [1, 2])
    #expect(Selection.top([], count: 5) { _ in 0 }.isEmpty)
    #expect(Selection.gather([]) { carried[$0] }.isEmpty)
  }
}
