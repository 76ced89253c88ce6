// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Text

/// The hashtag normal form against Python's unicodedata; fixtures by Tools/fixtures/tokenizer.py.
@Suite struct HashtagNormalFormTests {
  @Test func stringsNormalizeAsInPython() throws {
    for row in try Fixtures.rows("hashtag_normal_form.jsonl", as: [String].self) {
      #expect(HashtagNormalForm.normalize(row[0]) == row[1], "\(row[0].unicodeScalars.map(\.value))")
    }
  }

  /// Every Unicode scalar: alone, and among letters and marks that it may compose with.
  @Test func everyScalarNormalizesAsInPython() throws {
    let contexts = [("", ""), ("e", "\u{301}"), ("I", "\u{323}\u{307}"), ("n\u{334}", "\u{303}x")]
    for (first, hashes) in try Fixtures.blocks("hashtag_blocks.tsv") {
      let found = (Fixtures.hasContexts(first) ? contexts : [contexts[0]]).map { context in
        var state = Fixtures.hash([])
        for scalar in Fixtures.scalars(from: first) {
          let tag = Fixtures.bytes(of: scalar, in: context)
          state = Fixtures.hash(HashtagNormalForm.normalize(tag) + [0x0A], after: state)
        }
        return state
      }
      #expect(
        found == Array(hashes.prefix(found.count)), "block \(String(first, radix: 16)); tokenizer.py --show prints it")
    }
  }

  /// A million strings of letters, marks and what composes or decomposes, as `random_block` in Tools/fixtures/tokenizer.py draws them.
  @Test func randomStringsNormalizeAsInPython() async throws {
    let ranges: [(first: UInt32, count: UInt64)] = [
      (0x41, 58), (0x300, 0x70), (0x1E00, 0x200), (0xC0, 0x190), (0x370, 0x400), (0x900, 0x700), (0x1000, 0x700), (0x1780, 0x900),
      (0x2000, 0x500), (0x2C00, 0x500), (0x3000, 0x400), (0xA640, 0x600), (0xAC00, 0x2BB0), (0xF900, 0x700),
      (0x10000, 0x2000), (0x1D000, 0x800), (0x1E000, 0x2000), (0x20000, 0x100), (0xE0000, 0x200),
    ]
    try await withThrowingTaskGroup { group in
      for (seed, hashes) in try Fixtures.blocks("hashtag_random.tsv") {
        group.addTask {
          var source = SeededGenerator(seed: UInt64(seed))
          var state = Fixtures.hash([])
          for _ in 0..<10_000 {
            var tag: [UInt8] = []
            for _ in 0..<source.next() % 8 + 1 {
              let number = source.next()
              let range = ranges[Int((number >> 1) % UInt64(number & 1 == 1 ? 4 : ranges.count))]
              UTF8Bytes.append(range.first + UInt32((number >> 32) % range.count), to: &tag)
            }
            state = Fixtures.hash(HashtagNormalForm.normalize(tag) + [0x0A], after: state)
          }
          #expect(state == hashes[0], "block \(seed)")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: [
    ("KeralaFloods", "keralafloods"), ("Straße", "strasse"), ("STRASSE", "strasse"), ("STRAẞE", "strasse"), ("İzmir", "izmir"),
    ("I\u{307}zmir", "izmir"), ("IZMIR", "izmir"), ("ırmak", "ırmak"), ("Ｆｌｏｏｄ２０", "flood20"), ("cafe\u{301}", "café"),
    ("CAFÉ", "café"), ("ΠΛΗΜΜΥΡΑΣ", "πλημμυρασ"), ("πλημμυρας", "πλημμυρασ"), ("НАВОДНЕНИЕ", "наводнение"),
    ("ᲬᲧᲐᲚᲘ", "წყალი"), ("فَيَضان_النهر", "فَيَضان_النهر"), ("ﻓﻴﻀﺎﻥ", "فيضان"), ("می\u{200C}آید", "میآید"),
    ("क्\u{200D}षति", "क्षति"), ("क़", "क\u{93C}"), ("น้ำท่วม", "น้\u{E4D}าท่วม"), ("\u{1112}\u{1161}\u{11AB}", "한"), ("ｶﾞｽ", "ガス"),
    ("か\u{3099}", "が"), ("ダム・決壊", "ダム決壊"), ("שיטפון־נהר", "שיטפוןנהר"), ("dam🌊", "dam"), ("dam1\u{FE0F}\u{20E3}", "dam1"),
    ("二〇", "二"), ("x²", "x2"), ("🌊", ""), ("९११", "९११"),
  ])
  func everyScriptHasANormalForm(_ tag: String, _ normal: String) {
    #expect(Array(HashtagNormalForm.normalize(tag).utf8) == Array(normal.utf8))
    #expect(Array(HashtagNormalForm.normalize(normal).utf8) == Array(normal.utf8))
  }

  @Test func aHashtagHasALetter() {
    for tag in ["911", "9_11", "_", "", "९११", "٢٠٢٠", "🌊", "\u{301}", "½", "ㅤ"] {
      #expect(HashtagNormalForm.hashtag(tag) == nil, "\(tag)")
    }
    for tag in ["a", "911a", "水", "ب", "क", "ㅎ", "™"] { #expect(HashtagNormalForm.hashtag(tag) != nil, "\(tag)") }
  }

  @Test(arguments: [
    ("#Ｆlood²", "flood2"), ("Café", "caf"), ("Cafe\u{301}", "caf"), ("Straße", "strae"), ("İzmir", "izmir"),
    ("水_Flood", "_flood"),
    ("ﬁre", "fire"), ("\u{212A}erala", "kerala"), ("", ""),
  ])
  func theASCIIFormIsThatOfTheFirstVersion(_ tag: String, _ normal: String) {
    #expect(HashtagNormalForm.ascii(tag) == normal)
  }

  @Test func anyBytesNormalize() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<100, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let normal = HashtagNormalForm.normalize(bytes)
      // A dropped scalar may leave a letter and a mark that compose.
      let again = HashtagNormalForm.normalize(normal)
      #expect(HashtagNormalForm.normalize(again) == again)
    }
  }
}
