// SPDX-License-Identifier: Apache-2.0

import Text

/// The names in a tweet: capitalised words that are no affix, alone and in pairs.
enum TweetNames {
  static let maximum = 4
  private static let leastLetters = 3

  /// The first names, those that the index knows as hashtags before the others.
  ///
  /// A capital at the start of a sentence and a word in capitals only say little, so such a word must be known. A script without
  /// capitals shows no names.
  static func find(in evidence: TweetEvidence) -> [TagPart] {
    let words = evidence.words
    let affixes = Set(evidence.index.affixes.lazy.map(\.normal))
    let parts = words.map { TagPart($0.letters) }
    let areNames = words.indices.map { place -> (isPart: Bool, isSure: Bool) in
      let shape = WordShape(words[place])
      let isPart =
        words[place].isName && shape.beginsCapital && parts[place].normal.unicodeScalars.count >= leastLetters
        && !affixes.contains(parts[place].normal) && !affixes.contains(WordStem.of(parts[place].normal))
      return (isPart, isPart && !shape.isCapitals && words[place].link != .apart)
    }
    var known: [TagPart] = []
    var others: [TagPart] = []
    func add(_ name: TagPart, isSure: Bool) {
      if known.contains(where: { $0.normal == name.normal }) || others.contains(where: { $0.normal == name.normal }) { return }
      if evidence.isKnown(name.normal) { known.append(name) } else if isSure { others.append(name) }
    }
    for place in words.indices where areNames[place].isPart {
      if place + 1 < words.count, words[place + 1].link == .adjacent, areNames[place + 1].isPart {
        add(parts[place] + parts[place + 1], isSure: areNames[place].isSure && areNames[place + 1].isSure)
      }
      add(parts[place], isSure: areNames[place].isSure)
    }
    return Array((known + others).prefix(maximum))
  }
}

extension TweetEvidence {
  /// Whether people use a word as a hashtag: more than one tweet of the corpus carries it, and one of sixteen that have the word. So
  /// "Please" at the start of a sentence is no name.
  fileprivate func isKnown(_ normal: String) -> Bool {
    guard let hashtag = index.lookup(normal), statistics.frequency(hashtag) >= 2 else { return false }
    let (mentions, tagged) = statistics.mentions(hashtag, isInQuery: true)
    return 16 * tagged >= mentions
  }
}
