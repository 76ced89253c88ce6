// SPDX-License-Identifier: Apache-2.0
/// A hashtag to measure: two are equal if their normal forms are.
package struct JudgedHashtag: Hashable, Sendable {
  package let normal: String
  /// Its words, lower case; one scalar each where the script has no spaces. Never empty.
  package let words: [String]

  package init(normal: String, words: [String]) {
    self.normal = normal
    self.words = words.isEmpty ? [normal] : words
  }

  package static func == (a: Self, b: Self) -> Bool { a.normal == b.normal }
  package func hash(into hasher: inout Hasher) { hasher.combine(normal) }
}

/// A tweet with the hashtags that were predicted, best first, and those that are correct.
package struct JudgedTweet: Sendable {
  package let predicted: [JudgedHashtag]
  package let gold: [JudgedHashtag]
  /// Nil if the encoder was not asked.
  package let bertScore: BERTScore?

  /// Drops empty and repeated predictions, and takes the gold list unchanged.
  package init(predicted: [JudgedHashtag], gold: [JudgedHashtag], bertScore: BERTScore? = nil) {
    var seen: Set<String> = [""]
    self.predicted = predicted.filter { seen.insert($0.normal).inserted }
    self.gold = gold
    self.bertScore = bertScore
  }

  /// The normal forms of the predictions.
  var predictedForms: [String] { predicted.map(\.normal) }
  var goldForms: [String] { gold.map(\.normal) }

  /// The words of the first `count` predictions in order.
  package func predictedWords(of count: Int = .max) -> [String] { predicted.prefix(count).flatMap(\.words) }
  package var goldWords: [String] { gold.flatMap(\.words) }
}
