// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct WordCoverTests {
  private static let samples: [(words: String, tag: String, covered: Double)] = [
    ("kerala floods", "keralafloods", 12), ("kerala flood", "keralafloods", 11), ("kerala", "nepal", 0),
    ("kerala", "keralafloods", 6), ("the in ne", "nepal", 0), ("flood floods", "floods2018", 6), ("", "flood", 0),
    ("abc cde abcde", "abcde", 5), ("abc cde", "abcde", 3), ("aaa", "aaaaaaa", 6),
    // The longest word first would leave "def" out.
    ("abcd abc def", "abcdef", 6),
  ]

  @Test(arguments: samples)
  func theLargestShareCounts(_ words: String, _ tag: String, _ covered: Double) {
    #expect(WordCover(words.split(separator: " ").map(String.init)).share(of: tag) == covered / Double(tag.count))
    #expect(WordCover(["flood"]).share(of: "") == 0)
  }

  @Test func lettersCountAndNotBytes() {
    #expect(WordCover(["наводнение"]).share(of: "наводнение2024") == 10.0 / 14)
    #expect(WordCover(["地震だ"]).share(of: "地震だよ") == 0.75)
  }

  @Test func longTagsAreCheap() {
    let words = (3...300).map { String(repeating: "a", count: $0) }
    #expect(WordCover(words).share(of: String(repeating: "a", count: 60_000)) == 1)
  }
}
