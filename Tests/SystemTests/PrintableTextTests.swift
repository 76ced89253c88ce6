// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import System

@Suite struct PrintableTextTests {
  @Test(
    arguments: [
      ("", ""), ("plain text", "plain text"), ("a\nb\tc\rd", #"a\nb\tc\rd"#), ("\u{1B}[31mred", #"\u001b[31mred"#),
      ("a\u{0}b\u{7F}c", #"a\u0000b\u007fc"#), ("\u{85}\u{9B}1m", #"\u0085\u009b1m"#),
      ("\u{202E}abc\u{202C}", #"\u202eabc\u202c"#),
      ("a\u{2028}b\u{2029}c", #"a\u2028b\u2029c"#), ("\u{2066}x\u{2069}\u{200F}", #"\u2066x\u2069\u200f"#),
      ("a\u{200B}b\u{FEFF}c\u{AD}", #"a\u200bb\ufeffc\u00ad"#), ("\u{200D}lone", #"\u200dlone"#), ("a \u{FE0F}", #"a \ufe0f"#),
      ("x\u{E0041}", #"x\udb40\udc41"#), ("\u{3164}", #"\u3164"#), ("é 水 😀 ไทย", "é 水 😀 ไทย"),
      ("👩\u{200D}🚒 ❤\u{FE0F} 1\u{FE0F}\u{20E3}", "👩\u{200D}🚒 ❤\u{FE0F} 1\u{FE0F}\u{20E3}"),
      ("می\u{200C}خواهم", "می\u{200C}خواهم"),
      ("\u{FFFE}\u{1FFFF}", #"\ufffe\ud83f\udfff"#), (#"back\slash "quote""#, #"back\slash "quote""#),
    ] as [(String, String)]) func lines(text: String, shown: String)
  {
    #expect(PrintableText.line(text).unicodeScalars.elementsEqual(shown.unicodeScalars))
  }

  @Test func wordsHaveNoBlanks() {
    #expect(PrintableText.word("New York\u{A0}x\u{3000}") == #"New\u0020York\u00a0x\u3000"#)
    #expect(PrintableText.word("Kerala") == "Kerala" && PrintableText.word("水") == "水")
  }
}
