// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Testing

@testable import Recommender

@Suite struct EventCardTests {
  private static let affixes = [
    Affix(display: "PrayFor", before: 90, after: 0), Affix(display: "Strong", before: 0, after: 50),
    Affix(display: "Hurricane", before: 30, after: 0), Affix(display: "Floods", before: 0, after: 20),
    Affix(display: "Flood", before: 0, after: 15),
  ]

  private func tags(_ card: String, _ affixes: [Affix] = affixes) throws -> [String] {
    try EventTags(EventCard(Array(card.utf8)), affixes: affixes).tags.map(\.display)
  }

  @Test func textIsRead() throws {
    #expect(
      try tags("Kerala floods 2018") == [
        "KeralaFloods", "KeralaFlood", "KeralaFloods2018", "Kerala", "PrayForKerala", "KeralaStrong", "Kerala2018",
      ])
    #expect(try tags("Hurricane Ian").prefix(3) == ["HurricaneIan", "Ian", "PrayForHurricaneIan"])
    let fort = Self.affixes + [Affix(display: "Fort", before: 10, after: 0), Affix(display: "Kerala", before: 0, after: 16)]
    #expect(try tags("Fort Mirage floods", fort).prefix(3) == ["FortMirageFloods", "FortMirageFlood", "FortMirage"])
    #expect(try tags("Kerala floods", fort).prefix(2) == ["KeralaFloods", "KeralaFlood"])
    #expect(try tags("flooding in kerala #Rescue").prefix(3) == ["Rescue", "KeralaFloods", "KeralaFlood"])
    #expect(try tags("hurricane ian in the bay").prefix(2) == ["HurricaneIan", "HurricaneBay"])
    // "New" does not say "News".
    let news = Self.affixes + [Affix(display: "News", before: 0, after: 30)]
    #expect(try tags("Floods in New Zealand", news).first == "NewZealandFloods")
    #expect(try tags("Floods in New Zealand").prefix(2) == ["NewZealandFloods", "NewZealandFlood"])
  }

  @Test func cardsAreRead() throws {
    let card = ##"{"places": ["sri lanka"], "hazard": "flood", "names": ["Ditwah"], "year": 2025, "hashtags": ["#SLfloods"]}"##
    #expect(
      try tags(card) == [
        "SLfloods", "SriLankaFloods", "SriLankaFlood", "SriLankaFloods2025", "DitwahFloods", "DitwahFlood", "DitwahFloods2025",
        "SriLanka", "Ditwah", "PrayForSriLanka", "PrayForDitwah", "SriLankaStrong", "DitwahStrong", "SriLanka2025", "Ditwah2025",
      ])
    #expect(try tags(#" {"names": ["Ian"], "hazard": ["hurricane"], "year": null}"#).first == "HurricaneIan")
  }

  @Test func withoutACorpusAPlaceStandsBeforeAHazard() throws {
    #expect(try tags("Kerala floods 2018", []) == ["KeralaFloods", "KeralaFloods2018", "Kerala", "Kerala2018"])
    #expect(try tags(#"{"names": ["Ian"], "hazard": "hurricane"}"#, []) == ["HurricaneIan", "Ian"])
  }

  @Test func theListIsBounded() throws {
    let places = (0..<30).map { "\"Place\($0)\"" }.joined(separator: ",")
    #expect(try tags("{\"places\": [\(places)], \"hazard\": \"flood\"}").count == EventTags.maximum)
    #expect(try tags(String(repeating: "Kerala, Assam, Goa; ", count: 500)).count <= EventTags.maximum)
  }

  @Test func wordsOfTheCardCover() throws {
    let tags = try EventTags(EventCard(Array("Kerala floods 2018".utf8)), affixes: Self.affixes)
    #expect(tags.cover.share(of: "keralaflood") == 1 && tags.cover.share(of: "nepalquake") == 0)
    #expect(tags.cover.share(of: "kerala2018") == 1 && tags.hazards == ["floods"])
  }

  @Test(arguments: [
    ("", "is empty; say something like \"Kerala floods 2018\""), ("  \n", "is empty; say something like \"Kerala floods 2018\""),
    ("{}", "names nothing; give places, hazard, names or hashtags"),
    (#"{"place": "Kerala"}"#, "place: is no member of a card; these are places, hazard, names, year, hashtags"),
    (#"{"places": 3}"#, "places: is an integer, not an array"),
    (#"{"places": ["a", 3]}"#, "places.1: is an integer, not a string"),
    (#"{"places": ["!"]}"#, "places.0: has no letter"), (#"{"hashtags": ["-a"]}"#, "hashtags.0: is no hashtag"),
    (#"{"places": ["Kerala"], "year": 20188}"#, "year: is 20188, outside 1000...9999"),
    (#"{"places": ["Kerala""#, "JSON"),
  ])
  func badCardsAreRefused(_ card: String, _ message: String) {
    let error = #expect(throws: EventCardError.self) { try EventCard(Array(card.utf8)) }
    // The words of JSON errors are those of its parser.
    #expect(message.hasPrefix("JSON") ? error?.description.hasPrefix("JSON, byte") == true : error?.description == message)
  }

  @Test func whatIsNoTextIsRefused() {
    #expect(throws: EventCardError("is not UTF-8")) { try EventCard([0xFF, 0xFE]) }
    #expect(throws: EventCardError("is not UTF-8")) { try EventCard([0x61, 0]) }
    #expect(throws: EventCardError("has 16385 bytes, above 16384")) { try EventCard([UInt8](repeating: 0x61, count: 16385)) }
    let many = (0..<33).map { "\"a\($0)\"" }.joined(separator: ",")
    #expect(throws: EventCardError("places: has 33 entries, above 32")) { try EventCard(Array("{\"places\": [\(many)]}".utf8)) }
  }
}
