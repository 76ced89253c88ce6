// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite struct HashtagWordsTests {
  @Test(arguments: [
    ("KeralaFloods2018", ["kerala", "floods", "2018"]), ("keralafloods", ["keralafloods"]), ("NYCFlood", ["nyc", "flood"]),
    ("KERALA", ["kerala"]), ("new_york", ["new", "york"]), ("River town", ["river", "town"]), ("地震Help", ["地", "震", "help"]),
    ("地震 救援", ["地", "震", "救", "援"]), ("École", ["école"]), ("", []), ("covid19", ["covid", "19"]),
  ]) func spellingsShowWords(spelling: String, words: [String]) {
    #expect(HashtagWords.of(spelling) == words)
  }

  @Test func longHashtagsAreOneWord() {
    #expect(HashtagWords.of(String(repeating: "aB", count: 500_000)).count == 1)
  }

  @Test func phrasesKeepTheirSpaces() {
    #expect(HashtagText.cutPhrase(" #River town") == "River town")
    #expect(HashtagText.cutPhrase("River  town") == "River" && HashtagText.cutPhrase("River (town)") == "River")
    #expect(HashtagText.cutPhrase("a b c d e f g h i j k") == "a" && HashtagText.cutPhrase("# ") == nil)
  }
}
