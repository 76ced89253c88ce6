// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Text

/// The tweet normal form against the Python version; fixture by Tools/fixtures/normal_form.py.
@Suite struct TweetNormalFormTests {
  private struct Row: Decodable {
    let input, text: String?
    let hashtags: [String]?
    let tag, normal: String?
  }

  @Test func tweetsAndHashtagsNormalizeAsInPython() throws {
    let rows = try Fixtures.rows("normal_form.jsonl", as: Row.self)
    #expect(rows.count > 900)
    for row in rows {
      if let input = row.input {
        let tweet = TweetNormalForm.normalize(input)
        let isEqual =
          tweet.text.unicodeScalars.elementsEqual(row.text!.unicodeScalars)
          && tweet.hashtags.joined(separator: "\n").unicodeScalars.elementsEqual(
            row.hashtags!.joined(separator: "\n").unicodeScalars)
        #expect(isEqual, "\(input.debugDescription): \(tweet)")
      } else {
        #expect(HashtagNormalForm.normalize(row.tag!) == row.normal)
      }
    }
  }

  @Test func theDocumentedExampleHolds() {
    let tweet = TweetNormalForm.normalize("RT @relief: #River rising &amp; fast #flood http://t.co/x")
    #expect(tweet == NormalTweet(text: "River rising & fast", hashtags: ["River", "flood"]))
  }

  @Test func anyTextNormalizes() {
    var generator = SeededGenerator(seed: 5)
    let pool = Array("##＃@@&;:/.…_ a1é\u{301}\u{200D}🌊\u{0}RT\thttp://&amp;".unicodeScalars)
    for _ in 0..<3000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<60, using: &generator) {
        text.append(pool.randomElement(using: &generator)!)
      }
      let tweet = TweetNormalForm.normalize(String(text))
      #expect(!tweet.text.utf8.starts(with: [0x20]) && tweet.hashtags.allSatisfy { !$0.isEmpty })
    }
  }

  /// Inputs of 64 KiB that repeat one pattern: work that grows with the square of the length would hang here.
  @Test(arguments: [
    "#", "#a", "#a ", "#1", "@", "@a", "&", "&amp;", "RT @a ", "http:/", "http://", "a", "…", "#é…", "\u{301}", " ",
    "pic.", "＃",
  ])
  func longInputsOfOneKindPass(_ unit: String) {
    _ = TweetNormalForm.normalize(String(repeating: unit, count: 65536 / unit.utf8.count))
  }
}
