// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Text

/// The hashtags that an event card lets expect, by the habits of the corpus.
struct EventTags: Sendable {
  /// The expected hashtags, the likeliest first, each normal form once.
  let tags: [TagPart]
  /// The normal forms of the words for what happens: "floods".
  let hazards: [String]
  /// The words of the card.
  let cover: WordCover

  static let maximum = 24
  /// Affixes that a hazard has in the templates: "Floods" and "Flood".
  private static let spellings = 2

  /// - Parameter affixes: those of the corpus. Without them a place stands before a hazard, and a name after it.
  init(_ card: EventCard, affixes: [Affix]) {
    let card = card.text.map { EventCard(reading: $0, affixes: affixes) } ?? card
    let places = card.places.map(Self.part)
    let names = card.names.map(Self.part)
    let hazards = card.hazards.map(Self.part)
    let year = card.year.map { TagPart("\($0)") }
    var tags = card.hashtags.map { TagPart($0) }
    var plain: [TagPart] = []
    for (name, isPlace) in places.map({ ($0, true) }) + names.map({ ($0, false) }) {
      var joined: [PlacedAffix] = []
      for hazard in hazards where !name.normal.contains(hazard.normal) {
        let said = PlacedAffix.said(by: [hazard.normal], of: affixes).prefix(Self.spellings)
        joined += said.isEmpty ? [PlacedAffix(part: hazard, isAfter: isPlace, names: 0)] : said
      }
      tags += joined.map { $0.joined(to: name) }
      if let year, let first = joined.first(where: \.isAfter) { tags.append(first.joined(to: name) + year) }
      plain.append(name)
    }
    tags += plain
    let habits = PlacedAffix.placed(affixes)
    for affix in [habits.first { !$0.isAfter }, habits.first { $0.isAfter }].compactMap({ $0 }) {
      tags += plain.map { affix.joined(to: $0) }
    }
    if let year { tags += plain.map { $0 + year } }
    var seen: Set<String> = []
    self.tags = Array(tags.filter { !$0.normal.isEmpty && seen.insert($0.normal).inserted }.prefix(Self.maximum))
    self.hazards = hazards.map(\.normal)
    let words = (card.places + card.names + card.hazards).flatMap { TweetWord.find(in: $0) }
      .map { HashtagNormalForm.normalize($0.letters) }
    cover = WordCover(
      words + words.map(WordStem.of) + (places + names + hazards + tags.prefix(card.hashtags.count)).map(\.normal)
        + (year.map { [$0.normal] } ?? []))
  }

  /// "new zealand" as a part of a hashtag: "NewZealand".
  private static func part(_ phrase: String) -> TagPart {
    let words = TweetWord.find(in: phrase).map { TagPart($0.letters).capitalised }
    guard let first = words.first else { return TagPart("") }
    return words.dropFirst().reduce(first, +)
  }
}

extension EventCard {
  /// English words that stand between the others.
  private static let functionWords: Set<String> = ["and", "for", "from", "near", "the", "with"]

  /// Finds out what the words of a text mean: hashtags, the year, words that people join to names, and names.
  ///
  /// Names are the capitalised words, or all words of three letters or more where none is capitalised.
  fileprivate init(reading text: String, affixes: [Affix]) {
    self.init()
    let tweet = TweetNormalForm.normalize(text)
    hashtags = tweet.hashtags
    let words = TweetWord.find(in: tweet.text, limit: 100)
    let normals = words.map { HashtagNormalForm.normalize($0.letters) }
    year = words.first { Year.isOne($0.letters) }.flatMap { Int($0.letters) }
    let areHazards = normals.map { !PlacedAffix.said(by: [$0], of: affixes).isEmpty }
    let capitals = words.map { WordShape($0).beginsCapital }
    let hasCapitals = capitals.indices.contains { capitals[$0] && !areHazards[$0] }
    var isAfterName = false
    for place in words.indices {
      // "Fort" is a word that people join to names, and a part of one: "Fort McMurray" is a place, too.
      if let whole = Self.name(at: place, words, capitals, areHazards) { places.append(whole) }
      let isWord = normals[place].unicodeScalars.count >= 3 && !Self.functionWords.contains(normals[place])
      let isName = words[place].isName && !areHazards[place] && (hasCapitals ? capitals[place] : isWord)
      if isName, isAfterName, words[place].link == .adjacent {
        places[places.count - 1] += " " + words[place].letters
      } else if isName {
        places.append(words[place].letters)
      }
      isAfterName = isName
      if areHazards[place] { hazards.append(words[place].letters) }
    }
    if places.isEmpty {
      // The words that people join to names are all there is: then those with a capital are the names.
      places = words.indices.filter { capitals[$0] }.map { words[$0].letters }
      hazards = words.indices.filter { areHazards[$0] && !capitals[$0] }.map { words[$0].letters }
    }
    // Without a corpus that says what a hazard is, the other words are taken for it.
    if !areHazards.contains(true), hasCapitals {
      hazards = words.indices.filter { !capitals[$0] && words[$0].isName && normals[$0].unicodeScalars.count >= 4 }
        .map { words[$0].letters }
    }
    places = Array(places.prefix(4))
    hazards = Array(hazards.prefix(4))
  }

  /// A capitalised word that people join to names, and the two capitalised words at most that follow it; nil if there is none.
  private static func name(at place: Int, _ words: [TweetWord], _ capitals: [Bool], _ areHazards: [Bool]) -> String? {
    guard capitals[place], areHazards[place] else { return nil }
    var end = place + 1
    while end < min(words.count, place + 3), words[end].link == .adjacent, capitals[end], !areHazards[end] { end += 1 }
    return end == place + 1 ? nil : words[place..<end].map(\.letters).joined(separator: " ")
  }
}
