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

  /// The rules that a reader wants to see; the fixture has many more.
  @Test(
    arguments: [
      ("go #dam🌊 now", ["dam"]), ("#dam1\u{FE0F}\u{20E3} #\u{FE0F}\u{20E3} #1\u{FE0F}\u{20E3}", ["dam1"]), ("#9_11 #911 #_", []),
      ("水害#避難所", []), ("水害、#避難所。", ["避難所"]), ("#فَيَضان_النهر الآن", ["فَيَضان_النهر"]), ("\u{200F}#سيول\u{200F}", ["سيول"]),
      ("#क्\u{200D}षति है", ["क्\u{200D}षति"]), ("#dam\u{200D}🚒", ["dam"]), ("#น้ำหลาก ตอนนี้", ["น้ำหลาก"]), ("#ダム・決壊、", ["ダム・決壊"]),
      ("#Straße #STRASSE", ["Straße"]), ("＃Ｆｌｏｏｄ #flood", ["Ｆｌｏｏｄ"]), ("#İzmir #izmir #IZMIR", ["İzmir"]),
      ("#河镇洪水# 急", ["河镇洪水"]), ("#河镇 洪水#大家", ["河镇洪水"]), ("#河镇##洪水#", ["河镇", "洪水"]), ("#河镇#洪水#", ["河镇", "洪水"]),
      ("#河镇加油！# 转", ["河镇加油"]), ("#Oldmill bridge# is out", ["Oldmillbridge"]), ("#learn C# today", ["learn"]),
      ("#a#b", ["a", "b"]),
      ("#flood# now", ["flood"]), ("http://x.y/#a b# c", []), ("x²#tag #tag²", ["tag"]),
    ] as [(String, [String])])
  func hashtagsOfEveryScriptAreFound(_ text: String, _ hashtags: [String]) {
    #expect(TweetNormalForm.normalize(text).hashtags == hashtags)
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
    "pic.", "＃", "#水", "#水 ", "水# ", "e\u{301}\u{323}", "\u{301}\u{323}", "#a b", "한", "·",
  ])
  func longInputsOfOneKindPass(_ unit: String) {
    _ = TweetNormalForm.normalize(String(repeating: unit, count: 65536 / unit.utf8.count))
  }
}
