// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct InTextCandidatesTests {
  /// "word first-end", with a "?" for one that must be known.
  private func find(_ text: String) -> [String] {
    InTextCandidates.find(in: text).map {
      "\($0.normalForm) \($0.words.lowerBound)-\($0.words.upperBound)\($0.isLoose ? "?" : "")"
    }
  }

  @Test func adjacentWordsAreJoined() {
    #expect(find("Hill Fire now") == ["hill 0-1", "hillfire 0-2", "hillfirenow 0-3", "fire 1-2", "firenow 1-3", "now 2-3"])
  }

  @Test(arguments: [
    "Hill, Fire", "Hill. Fire", "Hill… Fire", "Hill…Fire", "Hill - Fire", "Hill–Fire", "Hill/Fire", "Hill 🔥 Fire", "(Hill) Fire",
    "\"Hill\" Fire", "Hill & Fire", "Hill: Fire", "Hill @user Fire", "Hill'Fire", "Hill’Fire", "Hill#Fire", "Hill.Fire",
  ])
  func nothingIsJoinedAcross(_ text: String) {
    #expect(find(text) == ["hill 0-1", "fire 1-2"])
  }

  @Test func whatIsJoinedLooselyMustBeKnown() {
    #expect(find("COVID-19 now") == ["covid 0-1", "covid19 0-2?", "covid19now 0-3?", "19 1-2", "19now 1-3", "now 2-3"])
    #expect(find("Nepal's quake") == ["nepal 0-1", "nepalquake 0-2?", "quake 1-2"])
    #expect(find("St. Louis") == ["st 0-1", "stlouis 0-2?", "louis 1-2"])
    #expect(find("U.S. Navy") == ["us 0-1", "usnavy 0-2?", "navy 1-2"])
  }

  @Test func emptyTextsHaveNone() {
    #expect(find("").isEmpty && find("   ").isEmpty && find("🌊 …").isEmpty)
    #expect(InTextCandidates.find(in: TweetWord.find(in: "a b"), longest: 0).isEmpty)
    #expect(InTextCandidates.find(in: TweetWord.find(in: "a b"), longest: -1).isEmpty)
    #expect(InTextCandidates.find(in: TweetWord.find(in: "a b c"), longest: .max).count == 6)
  }

  @Test func longTextsWork() {
    #expect(InTextCandidates.find(in: String(repeating: "a ", count: 30000)).count == 89997)
  }
}
