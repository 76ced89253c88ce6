// SPDX-License-Identifier: Apache-2.0

import Text

/// Words of the tweet, and up to three joined words, that occur as hashtags in the corpus.
///
/// A new disaster brings new names. So it also adds single words, and joined words that are all capitalised, that no tweet of the
/// corpus carries.
struct TextCandidates: CandidateExtractor {
  /// The maximum number of words to read. A line may hold 64 KiB, far more than a tweet; the limit keeps the cost of any
  /// line below a few milliseconds.
  static let maximumWords = 400
  /// The maximum number of words that are not hashtags of the corpus, the same for joined words, and their length in letters.
  static let maximumUnknown = 20
  static let maximumUnknownJoins = 10
  static let unknownLength = 3...40

  func extract(into set: inout CandidateSet) {
    let words = set.evidence.words
    let shapes = words.map(WordShape.init)
    var (unknown, unknownJoins) = (0, 0)
    for found in set.evidence.inText {
      if !set.contains(found.normalForm), set.evidence.hashtag(found.normalForm) == nil {
        guard !found.isLoose, found.words.allSatisfy({ words[$0].isName }),
          Self.unknownLength.contains(found.normalForm.unicodeScalars.count)
        else { continue }
        if found.words.count == 1 {
          guard unknown < Self.maximumUnknown else { continue }
          unknown += 1
        } else {
          guard unknownJoins < Self.maximumUnknownJoins, shapes[found.words].allSatisfy(\.beginsCapital) else { continue }
          unknownJoins += 1
        }
      }
      set.add(found.normalForm, from: .text) { candidate in
        let joined = shapes[found.words]
        if candidate.features[.inText] == 0 {
          candidate.features[.atStart] = found.words.lowerBound == 0 ? 1 : 0
          if candidate.hashtag == nil, !candidate.foundBy.contains(.stream) {
            candidate.display = Self.spelling(words[found.words], found.normalForm)
          }
        }
        let count = Double(joined.count)
        if candidate.features[.inText] == 0 || count < candidate.features[.wordsJoined] {
          candidate.features[.wordsJoined] = count
        }
        candidate.features[.inText] = 1
        if joined.allSatisfy(\.beginsCapital) { candidate.features[.capitalised] = 1 }
        if joined.allSatisfy(\.isCapitals) { candidate.features[.allCapitals] = 1 }
        if joined.contains(where: \.hasInnerCapital) { candidate.features[.innerCapital] = 1 }
      }
    }
  }

  /// The tweet's spelling, if it has the same normal form.
  private static func spelling(_ words: ArraySlice<TweetWord>, _ normal: String) -> String {
    let letters = words.map(\.letters).joined()
    return HashtagNormalForm.normalize(letters) == normal ? letters : normal
  }
}
