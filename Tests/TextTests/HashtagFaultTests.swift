// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct HashtagFaultTests {
  @Test(arguments: ["2017", "9_11", "_", "__", "١٢٣", ""])
  func aHashtagNeedsALetter(_ spelling: String) {
    #expect(HashtagFault.find(in: spelling) == .letterless)
  }

  @Test(arguments: [
    "Fergu\u{FFFD}son", "FergusÃ³n", "RivertownÂ", "Flood2019Â", "JapÃ_n", "MÃ¼ller", "sÃ_isme", "ÃŠclair",
    "Ãžorp", "ÐœÐ¾ст", "Riverâœ", "Storm\u{1F64}4", "\u{1F30}A", "Bridgeäó_", "RescueåÊ", "DrÌümmel", "PapiÌ_n", "FloodÂµ", "ðŸ",
  ])
  func mojibakeIsFound(_ spelling: String) {
    #expect(HashtagFault.find(in: spelling) == .mojibake)
  }

  @Test(arguments: [
    "Ãgua", "ÁGUA", "água", "amanhã", "AMANHÃ", "CORAÇÃO", "IRMÃOS", "ÂNCORA", "minhaÂncora", "CÂȚIVA", "CÂȘTIG", "hâlâ",
    "LUNEDÌ",
    "però", "déšť", "Kříž", "NÁŠ", "größe", "Süß", "äärisääilmiöt", "yö", "Bárðarbunga", "Þorláksmessa", "Ñuble", "créée",
    "œuvre", "cœur", "bonjourÀTous", "nonÈvero", "ἀγάπη", "Ὀδυσσεύς", "Πυρκαγιά", "Москва", "Nº2", "5µm", "Đà_Nẵng", "KADIKÖY",
    "Çığ", "ngàyÂmlịch", "العين", "地震", "地震速報", "ഷൊർണൂർ",
  ])
  func wordsOfAnyLanguageAreSound(_ spelling: String) {
    #expect(HashtagFault.find(in: spelling) == nil)
  }

  @Test(arguments: [
    "pleasepleasesharethisnowforthepeopleofrivertown", "RivertownFloodhttp", "floodshttps", "bridgehttpstco", "stormhttptcoAb12",
    "http",
    "https", "www", String(repeating: "a", count: 41),
  ])
  func sentencesAndLinksAreRunTogether(_ spelling: String) {
    #expect(HashtagFault.find(in: spelling) == .runTogether)
  }

  @Test(arguments: [
    "PeaceTalksWithTTP", "HTTP", "http2", "httpd", "tcot", "awww", "ClimateChangeIsANationalSecurityIssue",
    String(repeating: "a", count: 40),
    String(repeating: "a_", count: 40),
  ])
  func longNamesAndOtherWordsAreSound(_ spelling: String) {
    #expect(HashtagFault.find(in: spelling) == nil)
  }
}
