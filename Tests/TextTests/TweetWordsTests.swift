// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct TweetWordsTests {
  private struct Row: Decodable {
    let text: String
    let words: [String]
  }

  @Test func equalToThePythonTwin() throws {
    for row in try Fixtures.rows("words.jsonl", as: Row.self) {
      // Compares bytes, because equal strings may differ in their normal form.
      #expect(TweetWords.find(in: row.text).map { Array($0.utf8) } == row.words.map { Array($0.utf8) }, "\(row.text)")
    }
  }
}
