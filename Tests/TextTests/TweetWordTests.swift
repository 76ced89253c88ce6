// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct TweetWordTests {
  /// The words, with "+" before an adjacent one and "~" before a loose one.
  private func find(_ text: String) -> String {
    TweetWord.find(in: text).map { word in
      switch word.link {
      case .apart: word.letters
      case .adjacent: "+" + word.letters
      case .loose: "~" + word.letters
      }
    }.joined(separator: " ")
  }

  private func names(_ text: String) -> [String] { TweetWord.find(in: text).filter(\.isName).map(\.letters) }

  @Test func wordsKeepTheirSpelling() {
    #expect(find("CampFire burns") == "CampFire +burns")
    #expect(find("École fermée à Nîmes") == "École +fermée +à +Nîmes")
    #expect(find("наводнение в Иркутске") == "наводнение +в +Иркутске")
    #expect(find("बाढ़ राहत केरल") == "बाढ़ +राहत +केरल")
    #expect(find("flood_relief now") == "flood_relief +now")
  }

  @Test func punctuationDivides() {
    #expect(find("folks…these are the D1-D4 routes") == "folks these +are +the +D1 ~D4 +routes")
    #expect(find("Kerala: floods, again (now)!") == "Kerala floods again now")
    #expect(find("a — b") == "a b" && find("Fire 🔥 here") == "Fire here")
  }

  @Test func possessivesDropAway() {
    #expect(find("Kerala's floods") == "Kerala ~floods" && find("Nepal’s. Now") == "Nepal Now")
    #expect(find("Residents' homes") == "Residents homes")
    #expect(find("it's @user's boat") == "it boat")
  }

  @Test func contractionsAreNoNames() {
    #expect(find("We don't know, can’t say") == "We know say")
    #expect(find("they're here") == "they here" && names("they're here") == ["here"])
  }

  @Test func elisionsDivide() {
    #expect(find("coupure d'électricité à l’hôpital") == "coupure +d électricité +à +l hôpital")
    #expect(names("dell'Emilia") == ["Emilia"])
  }

  @Test func mentionsAreNoWords() {
    #expect(find("thanks @user for boats") == "thanks for +boats")
    #expect(find("@user") == "")
  }

  @Test func initialsAreOneWord() {
    #expect(find("The U.S. Navy helps") == "The +US ~Navy +helps" && find("in the U.S.A.") == "in +the +USA")
    #expect(find("at 5 p.m. today") == "at +5 +p m today" && find("Plan B. Now") == "Plan +B Now")
  }

  @Test func abbreviationsOfPlacesAreJoinedLoosely() {
    #expect(find("St. Louis and Ft. Myers") == "St ~Louis +and +Ft ~Myers" && find("the end. Louis") == "the +end Louis")
  }

  @Test func numbersWithPointsAreNoWords() {
    #expect(find("M7.8 quake, 1,000 dead at 9:30am, 12 left") == "quake dead +at 12 +left")
    #expect(find("magnitude 6.1 Nepal") == "magnitude Nepal" && find("Ends in 2018. Now") == "Ends +in +2018 Now")
  }

  @Test func onlyWhatHasALetterIsAName() {
    #expect(names("12 boats __ a1") == ["boats", "a1"])
  }

  @Test func joinersStayInsideWords() {
    #expect(find("می\u{200C}خواهم کمک") == "می\u{200C}خواهم +کمک")
    #expect(find("earth\u{AD}quake") == "earthquake" && find("a \u{200D} b") == "a b" && find("fire\u{200D}") == "fire")
  }

  @Test func partsOfEmojiAreNoWords() {
    #expect(find("❤\u{FE0F} ☎\u{FE0F}x") == "x")
  }

  @Test func theLimitHolds() {
    #expect(TweetWord.find(in: String(repeating: "x ", count: 500), limit: 7).count == 7)
  }
}
