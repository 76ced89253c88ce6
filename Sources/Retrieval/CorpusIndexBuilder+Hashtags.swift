// SPDX-License-Identifier: Apache-2.0

extension CorpusIndexBuilder {
  /// Normal forms of hashtags that some row carries and whose embedding is still to come, in order of first appearance.
  package var hashtagsWithoutEmbedding: [String] {
    let carried = carriedHashtags()
    return hashtags.entries.indices.filter { carried[$0] && hashtags.entries[$0].embedding.isEmpty }
      .map { hashtags.entries[$0].normal }
  }

  /// Gives the selector's embedding of a hashtag, L2-normalised, d components. Unknown hashtags are ignored.
  package mutating func setEmbedding(_ vector: [Float], of normal: String) throws(RetrievalError) {
    guard let number = hashtags.numbers[normal] else { return }
    try check(vector, "hashtag \(normal)")
    let (codes, scale) = FourBitRow.encode(vector)
    hashtags.entries[number].embedding = codes
    hashtags.entries[number].scale = scale
  }

  /// Whether the normal form is a hashtag of the index so far.
  package func contains(hashtag normal: String) -> Bool { hashtags.numbers[normal] != nil }

  /// Counts one tweet of the corpus in the statistics "how often is this word, where it occurs, used as a hashtag". Call
  /// it when all hashtags are known, once for each tweet; for rows added to an index, once for each of these. A removed
  /// tweet stays counted, since its text is gone: only building anew makes these counts exact again.
  /// - Parameters:
  ///   - words: normal forms of the words of the tweet's normal-form text (and of joins of adjacent ones). Those that are
  ///     no hashtag are ignored, repetitions count once.
  ///   - carried: normal forms of the tweet's hashtags.
  package mutating func recordMentions(words: some Sequence<String>, carried: some Sequence<String>) {
    let mentioned = Set(words.lazy.compactMap { [numbers = hashtags.numbers] in numbers[$0] })
    if mentioned.isEmpty { return }
    let tags = Set(carried.lazy.compactMap { [numbers = hashtags.numbers] in numbers[$0] })
    for number in mentioned {
      hashtags.entries[number].mentions += 1
      if tags.contains(number) { hashtags.entries[number].tagged += 1 }
    }
  }

  /// The hashtags' normal forms by the hash that a word of that spelling has.
  package var normalsByHash: [UInt64: String] {
    Dictionary(hashtags.entries.map { (WordIndex.hash($0.normal), $0.normal) }, uniquingKeysWith: { first, _ in first })
  }

  /// For each hashtag whether a row carries it.
  func carriedHashtags() -> [Bool] {
    var carried = [Bool](repeating: false, count: hashtags.entries.count)
    for row in rows {
      for hashtag in row { carried[Int(hashtag)] = true }
    }
    return carried
  }
}
