// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Text

/// Learns from a corpus which words people join to names in hashtags, and on which side; see ``Affix``.
///
/// A name is a word, or two adjacent words, that stands capitalised inside sentences. A hashtag shows a name and an affix if it is
/// spelled with a capital where each of the two begins. An affix counts from `leastNames` names on, so that it is a habit of many
/// people and not the hashtag of one disaster.
struct AffixCounter {
  /// The names of an affix.
  static let leastNames = 6
  /// Names of an affix for each affix that it stands beside itself.
  private static let leastRatio = 4
  /// Occurrences of a name, and the share of them that is capitalised, in tenths.
  private static let leastOccurrences = 3
  private static let leastCapitalTenths = 7
  private static let leastNameLetters = 3
  private static let leastAffixLetters = 4

  /// Occurrences of a word inside a sentence.
  private struct Count {
    var all = 0
    var capitalised = 0
  }

  private var counts: [String: Count] = [:]

  /// Counts the words of a tweet (a normal form).
  mutating func add(_ text: String) {
    let words = TweetWord.find(in: text)
    let shapes = words.map(WordShape.init)
    for place in words.indices.dropFirst() where words[place].link == .adjacent && words[place].isName {
      count(words[place...place], isCapitalised: Self.isName(shapes[place]), shapes[place].isCapitals)
      let isPair = place + 1 < words.count && words[place + 1].link == .adjacent && words[place + 1].isName
      guard isPair, Self.isName(shapes[place]), Self.isName(shapes[place + 1]) else { continue }
      count(words[place...place + 1], isCapitalised: true, false)
    }
  }

  private static func isName(_ shape: WordShape) -> Bool {
    shape.beginsCapital && !shape.isCapitals && !shape.hasInnerCapital
  }

  /// Capitals only say nothing: they may be a name or a shout.
  private mutating func count(_ words: ArraySlice<TweetWord>, isCapitalised: Bool, _ isShouted: Bool) {
    if isShouted { return }
    let normal = HashtagNormalForm.normalize(words.map(\.letters).joined())
    guard normal.unicodeScalars.count >= Self.leastNameLetters else { return }
    counts[normal, default: Count()].all += 1
    if isCapitalised { counts[normal, default: Count()].capitalised += 1 }
  }

  private func isName(_ normal: String) -> Bool {
    guard let count = counts[normal] else { return false }
    return count.capitalised >= Self.leastOccurrences && 10 * count.capitalised >= Self.leastCapitalTenths * count.all
  }

  /// The affixes of hashtags, given by their spellings: those of most names first, then in byte order.
  func affixes(of hashtags: some Sequence<String>) -> [Affix] {
    var found: [String: Beside] = [:]
    for spelling in hashtags where spelling.utf8.count <= 2 * Affix.maximumLength {
      for (head, tail) in Self.splits(spelling) {
        let (first, second) = (HashtagNormalForm.normalize(head), HashtagNormalForm.normalize(tail))
        if Self.isAffix(second), isName(first) {
          found[second, default: Beside()].after.insert(first)
          found[second]?.spellings[tail, default: 0] += 1
        }
        if Self.isAffix(first), isName(second) {
          found[first, default: Beside()].before.insert(second)
          found[first]?.spellings[head, default: 0] += 1
        }
      }
    }
    let order = found.keys.sorted { a, b in
      let (x, y) = (found[a]?.names ?? 0, found[b]?.names ?? 0)
      return x != y ? x > y : a.utf8.lexicographicallyPrecedes(b.utf8)
    }
    var accepted: [(normal: String, entry: Beside)] = []
    for normal in order where accepted.count < Affix.maximumCount {
      guard var entry = found[normal], entry.names >= Self.leastNames else { break }
      // What is an affix of more names is no name. A word that stands beside many affixes is a name itself: #TexasStrong.
      for other in accepted {
        entry.before.remove(other.normal)
        entry.after.remove(other.normal)
      }
      let affixes = accepted.count { $0.entry.before.contains(normal) || $0.entry.after.contains(normal) }
      if entry.counted > 0, entry.counted >= Self.leastRatio * affixes { accepted.append((normal, entry)) }
    }
    return accepted.map { $0.entry.affix }
      .enumerated().sorted { a, b in
        let (x, y) = (a.element.before + a.element.after, b.element.before + b.element.after)
        return x != y ? x > y : a.offset < b.offset
      }.map(\.element)
  }

  /// The names beside a word in hashtags, and its spellings.
  private struct Beside {
    var before: Set<String> = []
    var after: Set<String> = []
    var spellings: [String: Int] = [:]

    var names: Int { before.count + after.count }
    /// The names of the sides that have enough of them.
    var counted: Int { AffixCounter.enough(before.count) + AffixCounter.enough(after.count) }

    var affix: Affix {
      let best = spellings.min { a, b in
        a.value != b.value ? a.value > b.value : a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
      }
      return Affix(
        display: best?.key ?? "", before: AffixCounter.enough(before.count), after: AffixCounter.enough(after.count))
    }
  }

  private static func enough(_ names: Int) -> Int { names >= leastNames ? names : 0 }

  /// A year is no affix.
  private static func isAffix(_ normal: String) -> Bool {
    normal.unicodeScalars.count >= leastAffixLetters && normal.utf8.count <= Affix.maximumLength
      && !normal.unicodeScalars.contains { $0.properties.numericType != nil }
  }

  /// The two parts of a spelling at every small letter that a capital follows, if its first letter is a capital.
  private static func splits(_ spelling: String) -> [(head: String, tail: String)] {
    let scalars = Array(spelling.unicodeScalars)
    guard scalars.first?.properties.isUppercase == true else { return [] }
    return scalars.indices.dropFirst().filter { scalars[$0].properties.isUppercase && scalars[$0 - 1].properties.isLowercase }
      .map { place in
        (String(String.UnicodeScalarView(scalars[..<place])), String(String.UnicodeScalarView(scalars[place...])))
      }
  }
}
