// SPDX-License-Identifier: Apache-2.0

import Ranking
import Retrieval
import Testing

@testable import Recommender

@Suite struct AffixTests {
  private static let places = ["Kerala", "Nepal", "Assam", "Oslo", "Quito", "Aluva", "Kochi"]

  /// Three texts for each place.
  private static func texts(_ text: (String) -> String) -> [String] {
    places.flatMap { [String](repeating: text($0), count: 3) }
  }

  /// Affixes of hashtags, where the texts name the places.
  private func affixes(_ hashtags: [String], texts: [String] = Self.texts { "help for \($0) now" }) -> [String] {
    var counter = AffixCounter()
    for text in texts { counter.add(text) }
    return counter.affixes(of: hashtags).map { "\($0.display) \($0.before) \($0.after)" }
  }

  @Test func whatStandsBesideManyNamesIsAnAffix() {
    let floods = Self.places.map { $0 + "Floods" }
    #expect(affixes(floods + Self.places.prefix(6).map { "PrayFor" + $0 }) == ["Floods 0 7", "PrayFor 6 0"])
    #expect(affixes(Array(floods.prefix(5))) == [])
    // A name counts once, however it is spelled, and the most frequent spelling is displayed.
    #expect(affixes(floods + ["KERALAFloods", "keralafloods"] + Self.places.prefix(2).map { $0 + "FLOODS" }) == ["Floods 0 7"])
  }

  @Test func aNameBesideManyAffixesIsNoAffix() {
    // "Kerala" stands beside six words that stand capitalised, and beside four affixes.
    let words = ["Boats", "Camps", "Roads", "Rivers", "Schools", "Bridges"]
    let texts = Self.texts { "help for \($0) now" } + words.flatMap { [String](repeating: "help for \($0) now", count: 3) }
    let hashtags = Self.places.flatMap { [$0 + "Floods", $0 + "Relief", "PrayFor" + $0, $0 + "Rescue"] }
    #expect(
      affixes(hashtags + words.map { "Kerala" + $0 }, texts: texts) == ["Floods 0 7", "PrayFor 7 0", "Relief 0 7", "Rescue 0 7"])
  }

  @Test func onlyCapitalsShowWhereAnAffixBegins() {
    #expect(affixes(Self.places.map { $0.lowercased() + "floods" }) == [])
    #expect(affixes(Self.places.map { $0 + "2018" } + Self.places.map { $0 + "Aid" }) == [])
  }

  @Test func namesAreWordsThatStandCapitalised() {
    let floods = Self.places.map { $0 + "Floods" }
    #expect(affixes(floods, texts: Self.texts { "help for \($0.lowercased()) now" }) == [])
    #expect(affixes(floods, texts: Self.texts { "\($0) needs help" }) == [])
    #expect(affixes(floods, texts: Self.places.map { "help for \($0) now" }) == [])
    let pairs = ["Sri Lanka", "New Zealand", "San Juan", "El Salvador", "Hong Kong", "Costa Rica"]
    #expect(
      affixes(
        pairs.map { $0.split(separator: " ").joined() + "Quake" },
        texts: pairs.flatMap { [String](repeating: "help for \($0) now", count: 3) }) == ["Quake 0 6"])
  }

  // MARK: Composition

  private func index(_ affixes: [Affix]) throws -> CorpusIndex {
    let pleas = (0..<40).map { _ in (vector: [Float](arrayLiteral: 0, 0, 1), tags: ["Rain"], words: ["please"]) }
    return try SmallIndex.make(
      [([1], ["Kerala"], ["kerala"]), ([1, 0.1], ["Kerala"], []), ([0, 1], ["Please"], []), ([0, 1], ["Please"], [])] + pleas,
      affixes: affixes)
  }

  private static let habits = [
    Affix(display: "PrayFor", before: 90, after: 0), Affix(display: "Floods", before: 0, after: 20),
    Affix(display: "Hurricane", before: 30, after: 0),
  ]

  private func composed(_ text: String, _ affixes: [Affix] = habits, event: String? = nil) throws -> [String: Candidate] {
    let index = try index(affixes)
    let card = try event.map { EventTags(try EventCard(Array($0.utf8)), affixes: affixes) }
    let evidence = TweetEvidence(
      tweet: Query(text: text).tweet, index: index, statistics: CorpusStatistics(index: index), event: card)
    var set = CandidateSet(evidence, from: [TextCandidates(), ComposedCandidates(), EventCandidates()])
    set.measure(by: CandidateSources().features)
    let made = set.candidates.filter { $0.sources.contains(.composed) || $0.sources.contains(.event) }
    return Dictionary(uniqueKeysWithValues: made.map { ($0.display, $0) })
  }

  @Test func namesAndAffixesOfTheTweetCompose() throws {
    let made = try composed("Please pray for Aluva, the flooding is bad")
    #expect(Set(made.keys) == ["PrayForAluva", "AluvaFloods"])
    let floods = try #require(made["AluvaFloods"])
    #expect(floods.sources == [.composed] && floods.features[.composed] == CoarseScale.halfOctaves(20))
    #expect(floods.features[.covered] == 5.0 / 11 && floods.features[.inText] == 0)
    #expect(try composed("The eye of Hurricane Zeta").keys.sorted() == ["HurricaneZeta"])
    #expect(try composed("Flood waters in New Quay, 2027").keys.contains("NewQuayFloods2027"))
  }

  @Test func withoutAHabitOrANameNothingIsComposed() throws {
    #expect(try composed("A flood in Aluva", []).isEmpty)
    #expect(try composed("Roads in Aluva are closed").isEmpty && composed("a flood in aluva").isEmpty)
    // A capital at the start of a sentence, or a shout, says nothing unless the index knows the word.
    #expect(try composed("Terrible flood here. Nobody came").isEmpty && composed("this FLOOD is HUGE").isEmpty)
    #expect(try composed("Please pray, the flood is here").isEmpty)
    #expect(try composed("Kerala under flood water").keys.sorted() == ["KeralaFloods"])
  }

  @Test func compositionsAreBounded() throws {
    let names = (0..<50).map { "Place\(Unicode.Scalar(UInt8(97 + $0 % 26)))\($0)" }.joined(separator: " and ")
    #expect(try composed("pray for the flood of the hurricane in \(names) 2018").count <= ComposedCandidates.maximum)
  }

  @Test func theEventCardMakesCandidatesForEveryTweet() throws {
    let made = try composed("the bridge is gone", event: "Kerala floods 2018")
    #expect(made["KeralaFloods"]?.features[.event] == 1 && made["KeralaFloods2018"]?.features[.event] == 0.5)
    #expect(made["KeralaFloods"]?.features[.eventCovered] == 1 && made["KeralaFloods"]?.sources == [.event])
    // Its hazard also makes names of the tweet candidates.
    #expect(try composed("boats needed in Aluva", event: "Kerala floods 2018")["AluvaFloods"]?.sources == [.composed])
  }

  // MARK: The index file

  @Test func affixesAreKept() throws {
    #expect(try index(Self.habits).affixes == Self.habits && index([]).affixes == [])
  }
}
