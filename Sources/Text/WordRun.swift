// SPDX-License-Identifier: Apache-2.0
/// A run of word characters in a tweet, as typed, and what stands before it. Both the search terms (``TweetWords``) and the words
/// that may become hashtags (``TweetWord``) are made of runs.
///
/// A word character is a letter, a mark, a number or '_' of any script, if it is visible as part of the word. A joiner between two of
/// them belongs to the run: Persian and Indic words need it. A run of marks alone is none.
struct WordRun {
  /// What stands between two runs. Only a few kinds of gap leave the two together; all the others are `other`.
  enum Gap {
    case spaces
    case hyphen, apostrophe
    /// "." alone, and "." with one space.
    case point, stop
    /// "," or ":" alone, as in numbers and times.
    case separator
    case other
  }

  var text: Substring
  var gap: Gap
  /// Whether it is the name after an "@".
  var isMention: Bool
  /// Whether it has letters of a script without spaces, so that it may hold several words.
  var isUnspaced: Bool

  private init(_ scalars: Substring.UnicodeScalarView, after gap: Substring.UnicodeScalarView, isUnspaced: Bool) {
    text = Substring(scalars)
    self.gap = Gap(gap)
    self.isUnspaced = isUnspaced
    isMention = gap.last == "@" || gap.last == "\u{FF20}"
  }

  /// The runs of `text` in order. Linear.
  ///
  /// - Parameter limit: the most runs that are found.
  static func find(in text: String, limit: Int = .max) -> [WordRun] {
    let categories = ScalarCategories.shared
    let scalars = Substring(text).unicodeScalars
    var runs: [WordRun] = []
    var (gap, position) = (scalars.startIndex, scalars.startIndex)
    while position < scalars.endIndex, runs.count < limit {
      guard categories.isVisible(scalars[position].value) else {
        scalars.formIndex(after: &position)
        continue
      }
      let start = position
      var (hasLetter, isUnspaced) = (false, false)
      while position < scalars.endIndex {
        let value = scalars[position].value
        if categories.isVisible(value) {
          if !hasLetter { hasLetter = value == 0x5F || categories.isLetterOrNumber(value) }
          if !isUnspaced { isUnspaced = UnspacedScripts.contain(value) }
        } else if !isJoiner(value) || !isFollowed(position, in: scalars, categories) {
          break
        }
        scalars.formIndex(after: &position)
      }
      guard hasLetter else { continue }
      runs.append(WordRun(scalars[start..<position], after: scalars[gap..<start], isUnspaced: isUnspaced))
      gap = position
    }
    return runs
  }

  /// Whether a scalar is invisible and joins letters: the two joiners, and the soft hyphen.
  static func isJoiner(_ scalar: UInt32) -> Bool { scalar == 0x200C || scalar == 0x200D || scalar == 0xAD }

  private static func isFollowed(
    _ position: String.UnicodeScalarIndex, in scalars: Substring.UnicodeScalarView, _ categories: ScalarCategories
  ) -> Bool {
    let next = scalars.index(after: position)
    return next < scalars.endIndex && categories.isVisible(scalars[next].value)
  }
}

extension WordRun.Gap {
  fileprivate init(_ scalars: Substring.UnicodeScalarView) {
    guard let first = scalars.first else {
      self = .other
      return
    }
    let rest = scalars.dropFirst()
    switch first {
    // A zero-width space divides words of scripts that have no visible spaces.
    case " ", "\u{200B}": self = rest.allSatisfy { $0 == " " || $0 == "\u{200B}" } ? .spaces : .other
    case "-", "\u{2010}", "\u{2011}": self = rest.isEmpty ? .hyphen : .other
    case "'", "\u{2019}": self = rest.isEmpty ? .apostrophe : .other
    case ".": self = rest.isEmpty ? .point : rest.elementsEqual(CollectionOfOne(" ")) ? .stop : .other
    case ",", ":": self = rest.isEmpty ? .separator : .other
    default: self = .other
    }
  }
}
