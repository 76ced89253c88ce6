// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct InTextCandidatesTests {
  private func find(_ text: String) -> [String] {
    InTextCandidates.find(in: text).map { "\($0.normalForm) \($0.words.lowerBound)-\($0.words.upperBound)" }
  }

  @Test func adjacentWordsAreJoined() {
    #expect(
      find("Hill Fire, now") == ["hill 0-1", "hillfire 0-2", "hillfirenow 0-3", "fire 1-2", "firenow 1-3", "now 2-3"])
  }

  @Test func wordsWithoutNormalFormNeitherBeginNorEndAJoin() {
    #expect(find("🌊 a — b") == ["a 1-2", "ab 1-4", "b 3-4"])
  }

  @Test func emptyTextsHaveNone() {
    #expect(find("").isEmpty && find("   ").isEmpty && find("🌊 …").isEmpty)
    #expect(InTextCandidates.find(in: "a b", longest: 0).isEmpty)
    #expect(InTextCandidates.find(in: "a b", longest: -1).isEmpty)
    #expect(InTextCandidates.find(in: "a b c", longest: .max).count == 6)
  }

  @Test func longTextsWork() {
    #expect(InTextCandidates.find(in: String(repeating: "a ", count: 30000)).count == 89997)
  }
}
