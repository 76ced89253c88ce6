// SPDX-License-Identifier: Apache-2.0

extension CorpusIndexBuilder {
  /// Normal forms of the carried hashtags that still need an embedding, in order of first appearance.
  package var hashtagsWithoutEmbedding: [String] {
    let carried = carriedHashtags()
    return hashtags.entries.indices.filter { carried[$0] && hashtags.entries[$0].embedding.isEmpty }
      .map { hashtags.entries[$0].normal }
  }

  /// Sets the selector's embedding of a hashtag, L2-normalised, d components. Unknown hashtags are ignored.
  package mutating func setEmbedding(_ vector: [Float], of normal: String) throws(RetrievalError) {
    guard let number = hashtags.numbers[normal] else { return }
    try check(vector, "hashtag \(normal)")
    let (codes, scale) = FourBitRow.encode(vector)
    hashtags.entries[number].embedding = codes
    hashtags.entries[number].scale = scale
  }

  /// Whether the builder already has a hashtag with this normal form.
  package func contains(hashtag normal: String) -> Bool { hashtags.numbers[normal] != nil }

  /// Every spelling of every hashtag, in order of first appearance, then in byte order.
  package var hashtagSpellings: [String] {
    hashtags.entries.flatMap { $0.spellings.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
  }

  /// Counts one corpus tweet in the statistics "when this word occurs, how often is it also used as a hashtag".
  ///
  /// Call it once per tweet after all rows are added; when rows are added to an existing index, once per added row. A
  /// removed tweet stays counted because its text is gone. Only a rebuilt index has exact counts again.
  /// - Parameters:
  ///   - words: normal forms of the words in the tweet's normalised text, and of joined adjacent words. Words that are not
  ///     hashtags are ignored; repetitions count once.
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

  /// The hashtags' normal forms by the hash of the same word.
  package var normalsByHash: [UInt64: String] {
    Dictionary(hashtags.entries.map { (WordIndex.hash($0.normal), $0.normal) }, uniquingKeysWith: { first, _ in first })
  }

  /// The number of hashtags that a row carries.
  package var hashtagCount: Int { carriedHashtags().count(where: \.self) }

  /// Whether any row carries each hashtag.
  func carriedHashtags() -> [Bool] {
    var carried = [Bool](repeating: false, count: hashtags.entries.count)
    for row in rows {
      for hashtag in row { carried[Int(hashtag)] = true }
    }
    return carried
  }
}
