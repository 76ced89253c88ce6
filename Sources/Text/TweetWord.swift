// SPDX-License-Identifier: Apache-2.0
/// A word of a tweet that may become a hashtag, and how it stands to the word before it.
package struct TweetWord: Sendable, Equatable {
  /// How a word stands to the word before it.
  package enum Link: Sendable {
    /// Punctuation, a mention, an emoji or the end of a clause is between them: no hashtag has both.
    case apart
    /// Spaces are between them.
    case adjacent
    /// They may be one name: a hyphen, a possessive or the point of an abbreviation is between them. People join such words now and
    /// then, so only a hashtag that is known has both.
    case loose
  }

  /// The typed spelling, of word characters alone: "CampFire", and "US" for "U.S.".
  package var letters: String
  package var link: Link
  /// Whether it may be a hashtag that nobody has used: it has a letter, is no piece of a contraction ("don't", "dell'arte"), and its
  /// script puts spaces between words.
  package var isName: Bool
  /// Whether it has letters of a script without spaces (``UnspacedScripts``), so that it may hold several words.
  var isUnspaced = false

  /// The words of `text` (a tweet normal form), in order. Linear.
  ///
  /// A possessive 's drops away ("Kerala's" gives "Kerala"), and so do the endings of contractions, mentions and numbers with a
  /// point, a comma or a colon ("7.8", "1,000", "M7.8", "9:30"). Capital letters with points are one word.
  ///
  /// - Parameter limit: the most runs of word characters that are read.
  package static func find(in text: String, limit: Int = .max) -> [TweetWord] {
    let runs = WordRun.find(in: text, limit: limit)
    var words: [TweetWord] = []
    words.reserveCapacity(runs.count)
    /// How the next word stands to the last one; nil if the gap before it says so.
    var link: Link?
    var place = 0
    while place < runs.count {
      let run = runs[place]
      place += 1
      let next = place < runs.count ? runs[place] : nil
      if run.isMention || isInNumber(run, runs, place - 1) {
        link = .apart
      } else if let ending = ending(run), place > 1 {
        // "don't" says nothing of a "don". After a mention or a number there is no word to end.
        if ending == "t", link == nil { words.removeLast() }
        link = ending == "s" && link == nil && next?.gap == .spaces ? .loose : .apart
      } else {
        let initials = initials(runs, at: place - 1)
        place += max(0, initials.count - 1)
        let letters = initials.isEmpty ? spelling(run.text) : initials
        let after = place < runs.count ? runs[place] : nil
        let isClipped = after?.gap == .apostrophe && after.flatMap(Self.ending) != "s"
        words.append(
          TweetWord(
            letters: letters, link: link ?? Self.link(run.gap),
            isName: !isClipped && !run.isUnspaced && letters.unicodeScalars.contains { $0.properties.isAlphabetic },
            isUnspaced: run.isUnspaced))
        let isShort = after?.gap == .stop && (!initials.isEmpty || abbreviations.contains(letters.lowercased()))
        link = isShort ? .loose : nil
      }
    }
    return words
  }

  private static func link(_ gap: WordRun.Gap) -> Link {
    switch gap {
    case .spaces: .adjacent
    case .hyphen: .loose
    case .apostrophe, .point, .stop, .separator, .other: .apart
    }
  }

  /// The endings of English words after an apostrophe. They are words by themselves nowhere.
  private static let endings: Set<String> = ["s", "t", "d", "m", "re", "ll", "ve"]
  /// Beginnings of place names that have a point: "St. Louis".
  private static let abbreviations: Set<String> = ["st", "ft", "mt"]

  private static func ending(_ run: WordRun) -> String? {
    guard run.gap == .apostrophe, run.text.utf8.count <= 2 else { return nil }
    let ending = run.text.lowercased()
    return endings.contains(ending) ? ending : nil
  }

  /// Whether a run is part of a number that has a point, a comma or a colon: then neither part is a word.
  private static func isInNumber(_ run: WordRun, _ runs: [WordRun], _ place: Int) -> Bool {
    func areGlued(_ a: WordRun, _ b: WordRun) -> Bool {
      (b.gap == .point || b.gap == .separator) && isDigit(a.text.unicodeScalars.last) && isDigit(b.text.unicodeScalars.first)
    }
    return place > 0 && areGlued(runs[place - 1], run) || place + 1 < runs.count && areGlued(run, runs[place + 1])
  }

  private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ScalarCategories.shared.isDigit($0.value) } ?? false
  }

  /// Two or more single capital letters from `place` on with points between them, as one word; "" if there are none.
  private static func initials(_ runs: [WordRun], at place: Int) -> String {
    var letters = ""
    for next in place..<runs.count {
      let run = runs[next]
      guard next == place || run.gap == .point, run.text.unicodeScalars.count == 1,
        let letter = run.text.unicodeScalars.first, letter.properties.isUppercase
      else { break }
      letters.unicodeScalars.append(letter)
    }
    return letters.unicodeScalars.count > 1 ? letters : ""
  }

  /// A run without soft hyphens, which a hashtag cannot have.
  private static func spelling(_ run: Substring) -> String {
    run.utf8.contains(0xAD) && run.unicodeScalars.contains("\u{AD}")
      ? String(String.UnicodeScalarView(run.unicodeScalars.filter { $0 != "\u{AD}" })) : String(run)
  }
}
