// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct UnspacedScriptsTests {
  private func known(_ tags: String..., in text: String) -> [String] {
    InTextCandidates.find(in: text) { tags.contains($0) }.map(\.normalForm)
  }

  @Test(arguments: [
    ("東京で地震がありました", "東京", "地震"), ("今日はコロナウイルスの検査", "コロナ", "検査"), ("น้ำท่วมกรุงเทพวันนี้", "กรุงเทพ", "วันนี้"), ("北京暴雨严重", "暴雨", "北京"),
    ("ແຜ່ນດິນໄຫວຢູ່ລາວ", "ລາວ", "ແຜ່ນດິນໄຫວ"), ("ទឹកជំនន់នៅភ្នំពេញ", "ភ្នំពេញ", "ទឹកជំនន់"), ("ရန်ကုန်မှာရေကြီး", "ရန်ကုန်", "ရေကြီး"),
  ])
  func knownHashtagsAreFoundInside(_ text: String, _ one: String, _ other: String) {
    let (a, b) = (HashtagNormalForm.normalize(one), HashtagNormalForm.normalize(other))
    let found = known(a, b, in: text)
    #expect(found.contains(a) && found.contains(b) && found.count == 3)
    #expect(known("nothing", in: text).count == 1)
  }

  @Test func partsKeepWordsAndMarksWhole() {
    // Neither a piece of "covid19" nor a mark alone begins a part.
    #expect(known("19感染", "vid19", "covid19", in: "東京のCOVID19感染") == ["東京のcovid19感染", "covid19"])
    #expect(known("\u{E49}ำ", in: "น้ำท่วม").count == 1)
    #expect(known("東", in: "東京で").count == 1)
  }

  @Test func nothingUnknownIsACandidate() {
    let found = InTextCandidates.find(in: "東京 地震")
    #expect(found.map(\.normalForm) == ["東京", "東京地震", "地震"] && found.allSatisfy(\.isLoose))
    #expect(TweetWord.find(in: "東京 Kerala").map(\.isName) == [false, true])
  }

  @Test func longTextsStayCheap() {
    var questions = 0
    let found = InTextCandidates.find(in: String(repeating: "東京地震", count: 5000)) { _ in
      questions += 1
      return false
    }
    #expect(found.count == 1 && questions <= 24 * 1000)
  }

  @Test func pairsOfScalarsAreTerms() {
    #expect(TweetWords.find(in: "東京で地震") == ["東京", "京で", "で地", "地震"])
    #expect(TweetWords.find(in: "水 と M7の地震") == ["水", "と", "m7", "の地", "地震"])
    #expect(TweetWords.find(in: "ลาว") == ["ลา", "าว"])
  }

  @Test func wordsOfOtherScriptsAreWhole() {
    #expect(TweetWords.find(in: "홍수 피해 বন্যা वर्षा наводнение") == ["홍수", "피해", "বন্যা", "वर्षा", "наводнение"])
  }

  @Test func wordsAreFolded() {
    let words = TweetWords.find(in: "ÉCOLE e\u{301}cole ΣΕΙΣΜΌΣ σεισμός Straße ＦＬＯＯＤ")
    #expect(words == ["école", "école", "σεισμόσ", "σεισμόσ", "strasse", "flood"])
  }

  @Test func arabicVowelsDropFromWords() {
    #expect(TweetWords.find(in: "كُورُونَا كـــورونا كورونا") == ["كورونا", "كورونا", "كورونا"])
    #expect(InTextCandidates.find(in: "فَيَضَان").map(\.normalForm) == ["فيضان"])
    // Hamza and madda are no ornaments.
    #expect(TweetWords.find(in: "أمطار آسيا") == ["أمطار", "آسيا"])
  }

  @Test func joinersAreInsideWords() {
    #expect(TweetWords.find(in: "می\u{200C}خواهم") == ["میخواهم"] && TweetWords.find(in: "ශ්\u{200D}රී ලංකා").count == 2)
  }

  @Test func partsCover() {
    #expect(WordCover(of: TweetWord.find(in: "東京で地震")).share(of: "東京地震") == 1)
    #expect(WordCover(of: TweetWord.find(in: "東京で地震")).share(of: "神戸地震") == 0.5)
  }
}
