// SPDX-License-Identifier: Apache-2.0
/// The hashtags of a builder, numbered in the order of their first appearance.
struct HashtagCatalog: Sendable {
  struct Entry: Sendable {
    let normal: String
    /// How often each spelling occurred.
    var spellings: [String: Int]
    /// Four-bit embedding, empty while it is unknown.
    var embedding: [UInt8] = []
    var scale: Float = 0
    var mentions = 0
    var tagged = 0

    /// The most frequent spelling; of equally frequent ones the first in byte order.
    var display: String {
      let best = spellings.min { one, other in
        one.value == other.value ? one.key.utf8.lexicographicallyPrecedes(other.key.utf8) : one.value > other.value
      }
      return best?.key ?? normal
    }
  }

  var entries: [Entry] = []
  private(set) var numbers: [String: Int] = [:]

  init() {}

  /// Takes over the hashtags of an index. Its spellings count as often as the hashtag occurs.
  init(_ index: CorpusIndex) {
    let half = index.dimension / 2
    for hashtag in 0..<index.hashtagCount {
      let normal = index.normal(hashtag)
      numbers[normal] = hashtag
      entries.append(
        Entry(
          normal: normal, spellings: [index.display(hashtag): index.frequency(hashtag)],
          embedding: Array(index.embeddings[hashtag * half..<(hashtag + 1) * half]),
          scale: index.embeddingScales[hashtag], mentions: index.mentions(hashtag), tagged: index.tagged(hashtag)))
    }
  }

  /// The number of a hashtag that a row carries, a new one where it is seen for the first time.
  mutating func enter(_ form: HashtagForm) -> Int {
    if let number = numbers[form.normal] {
      entries[number].spellings[form.display, default: 0] += 1
      return number
    }
    numbers[form.normal] = entries.count
    entries.append(Entry(normal: form.normal, spellings: [form.display: 1]))
    return entries.count - 1
  }
}
