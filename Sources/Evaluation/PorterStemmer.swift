// SPDX-License-Identifier: Apache-2.0
/// Porter's stemmer (Program, 1980) with the changes of NLTK's `PorterStemmer`, which MHG's authors use.
///
///     PorterStemmer.stem("flooding")  // "flood"
package enum PorterStemmer {
  /// The stem of a word in lower case. Other letters than a to z count as consonants. Linear.
  package static func stem(_ word: String) -> String {
    if let irregular = irregular[word] { return irregular }
    var word = Word(scalars: Array(word.unicodeScalars))
    if word.scalars.count <= 2 { return word.text }
    plurals(&word)
    pastAndGerund(&word)
    finalY(&word)
    doubleSuffixes(&word)
    word.replaceFirst(of: step3) { $0.measure > 0 }
    word.replaceFirst(of: step4) { stem in
      stem.measure > 1 && (stem.suffix != "ion" || stem.scalars.last == "s" || stem.scalars.last == "t")
    }
    finalE(&word)
    return word.text
  }

  private static let irregular = [
    "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news", "innings": "inning",
    "inning": "inning", "outings": "outing", "outing": "outing", "cannings": "canning", "canning": "canning", "howe": "howe",
    "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
  ]

  /// Step 1a.
  private static func plurals(_ word: inout Word) {
    if word.hasSuffix("ies"), word.scalars.count == 4 { return word.replace("ies", by: "ie") }
    for (suffix, replacement) in [("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")] where word.hasSuffix(suffix) {
      return word.replace(suffix, by: replacement)
    }
  }

  /// Step 1b.
  private static func pastAndGerund(_ word: inout Word) {
    if word.hasSuffix("ied") { return word.replace("ied", by: word.scalars.count == 4 ? "ie" : "i") }
    if word.hasSuffix("eed") {
      if word.without("eed").measure > 0 { word.replace("eed", by: "ee") }
      return
    }
    guard let suffix = ["ed", "ing"].first(where: { word.hasSuffix($0) && word.without($0).hasVowel }) else { return }
    word.replace(suffix, by: "")
    if let short = ["at", "bl", "iz"].first(where: { word.hasSuffix($0) }) { return word.replace(short, by: short + "e") }
    if word.endsWithDoubleConsonant {
      if let last = word.scalars.last, !["l", "s", "z"].contains(last) { word.scalars.removeLast() }
    } else if word.measure == 1, word.endsWithShortSyllable {
      word.scalars.append("e")
    }
  }

  /// Step 1c: y becomes i behind a consonant that is not the word's first letter.
  private static func finalY(_ word: inout Word) {
    let stem = word.without("y")
    if word.hasSuffix("y"), stem.scalars.count > 1, stem.consonants.last == true { word.replace("y", by: "i") }
  }

  /// Step 2.
  private static func doubleSuffixes(_ word: inout Word) {
    if word.hasSuffix("alli"), word.without("alli").measure > 0 {
      word.replace("alli", by: "al")
      return doubleSuffixes(&word)
    }
    word.replaceFirst(of: step2) { stem in
      stem.suffix == "logi" ? Word(scalars: stem.scalars + ["l"]).measure > 0 : stem.measure > 0
    }
  }

  /// Step 5a and 5b.
  private static func finalE(_ word: inout Word) {
    if word.hasSuffix("e") {
      let stem = word.without("e")
      if stem.measure > 1 || (stem.measure == 1 && !stem.endsWithShortSyllable) { word = stem }
    }
    if word.hasSuffix("ll"), word.without("l").measure > 1 { word.scalars.removeLast() }
  }

  private static let step2 = [
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
    ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
    ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ("fulli", "ful"), ("logi", "log"),
  ]
  private static let step3 = [
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
  ]
  private static let step4 = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous",
    "ive",
    "ize",
  ].map { ($0, "") }
}

/// A word as the stemmer sees it.
private struct Word {
  var scalars: [Unicode.Scalar]
  /// The suffix that was taken off to make this stem.
  var suffix = ""

  var text: String { String(String.UnicodeScalarView(scalars)) }

  func hasSuffix(_ suffix: String) -> Bool {
    scalars.count >= suffix.unicodeScalars.count
      && scalars.suffix(suffix.unicodeScalars.count).elementsEqual(suffix.unicodeScalars)
  }

  /// The word without as many letters as `suffix` has.
  func without(_ suffix: String) -> Word {
    Word(scalars: Array(scalars.dropLast(suffix.unicodeScalars.count)), suffix: suffix)
  }

  mutating func replace(_ suffix: String, by replacement: String) {
    scalars.removeLast(suffix.unicodeScalars.count)
    scalars += replacement.unicodeScalars
  }

  /// Replaces the first suffix of the list that the word has, if its stem is `long` enough.
  mutating func replaceFirst(of rules: [(suffix: String, replacement: String)], if long: (Word) -> Bool) {
    guard let rule = rules.first(where: { hasSuffix($0.suffix) }), long(without(rule.suffix)) else { return }
    replace(rule.suffix, by: rule.replacement)
  }

  /// Which letters are consonants: "y" is one at the start and behind a vowel.
  var consonants: [Bool] {
    var flags: [Bool] = []
    flags.reserveCapacity(scalars.count)
    for scalar in scalars {
      switch scalar {
      case "a", "e", "i", "o", "u": flags.append(false)
      case "y": flags.append(flags.last != true)
      default: flags.append(true)
      }
    }
    return flags
  }

  var hasVowel: Bool { consonants.contains(false) }

  /// m, the number of times that a consonant follows a vowel.
  var measure: Int {
    let flags = consonants
    return zip(flags, flags.dropFirst()).count { !$0 && $1 }
  }

  var endsWithDoubleConsonant: Bool {
    scalars.count >= 2 && scalars[scalars.count - 1] == scalars[scalars.count - 2] && consonants.last == true
  }

  /// *o: consonant, vowel, consonant other than w, x and y. NLTK adds a vowel and a consonant that are the whole word.
  var endsWithShortSyllable: Bool {
    let end = consonants.suffix(3)
    if end.elementsEqual([true, false, true]), let last = scalars.last { return !["w", "x", "y"].contains(last) }
    return scalars.count == 2 && end.elementsEqual([false, true])
  }
}
