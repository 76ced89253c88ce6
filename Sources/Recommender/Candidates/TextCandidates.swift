// SPDX-License-Identifier: Apache-2.0

import Text

/// Words of the tweet, and up to three joined words, that occur as hashtags in the corpus.
///
/// It also adds single words that no tweet of the corpus carries, since a new disaster brings new names.
struct TextCandidates: CandidateExtractor {
  /// The maximum number of words to read. A line may hold 64 KiB, far more than a tweet; the limit keeps the cost of any
  /// line below a few milliseconds.
  static let maximumWords = 400
  /// The maximum number of words that are not hashtags of the corpus, and their length in bytes.
  static let maximumUnknown = 20
  static let unknownLength = 3...40

  func extract(into set: inout CandidateSet) {
    let text = set.evidence.tweet.text
    let words = text.utf8.split(separator: 0x20, maxSplits: Self.maximumWords, omittingEmptySubsequences: true)
      .prefix(Self.maximumWords)
    let head = text.utf8[..<(words.last?.endIndex ?? text.startIndex)]
    var unknown = 0
    for found in InTextCandidates.find(in: String(Substring(head))) where found.words.upperBound <= words.count {
      let shapes = found.words.map { WordShape(words[$0]) }
      if !set.contains(found.normalForm), set.evidence.hashtag(found.normalForm) == nil {
        guard unknown < Self.maximumUnknown, shapes.count == 1, shapes[0].isName,
          Self.unknownLength.contains(found.normalForm.utf8.count)
        else { continue }
        unknown += 1
      }
      set.add(found.normalForm, from: .text) { candidate in
        if candidate.features[.inText] == 0 {
          candidate.features[.atStart] = found.words.lowerBound == 0 ? 1 : 0
          if candidate.hashtag == nil, !candidate.foundBy.contains(.stream) {
            candidate.display = Self.spelling(shapes, found.normalForm)
          }
        }
        let joined = Double(found.words.count)
        if candidate.features[.inText] == 0 || joined < candidate.features[.wordsJoined] {
          candidate.features[.wordsJoined] = joined
        }
        candidate.features[.inText] = 1
        if shapes.allSatisfy(\.beginsCapital) { candidate.features[.capitalised] = 1 }
        if shapes.allSatisfy(\.isCapitals) { candidate.features[.allCapitals] = 1 }
        if shapes.contains(where: \.hasInnerCapital) { candidate.features[.innerCapital] = 1 }
      }
    }
  }

  /// The tweet's spelling, if it has the same normal form.
  private static func spelling(_ shapes: [WordShape], _ normal: String) -> String {
    let letters = shapes.map(\.letters).joined()
    return HashtagNormalForm.normalize(letters) == normal ? letters : normal
  }
}
