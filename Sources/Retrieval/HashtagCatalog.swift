// SPDX-License-Identifier: Apache-2.0
/// The hashtags of a builder, numbered in order of first appearance.
struct HashtagCatalog: Sendable {
  struct Entry: Sendable {
    let normal: String
    /// The number of occurrences of each spelling.
    var spellings: [String: Int]
    /// The embedding in 4 bits; empty until it is set.
    var embedding: [UInt8] = []
    var scale: Float = 0
    var mentions = 0
    var tagged = 0

    /// The most frequent spelling; ties go to the first in byte order.
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

  /// Takes over the hashtags of an index. The displayed spelling counts as often as the hashtag occurs.
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

  /// The number of a hashtag that a row carries; a new hashtag gets a new number.
  mutating func enter(_ form: HashtagForm) -> Int {
    if let number = numbers[form.normal] {
      entries[number].spellings[form.display, default: 0] += 1
      return number
    }
    numbers[form.normal] = entries.count
    entries.append(Entry(normal: form.normal, spellings: [form.display: 1]))
    return entries.count - 1
  }

  /// The number of the hashtag that an entry of another catalog becomes. Equal ones are added up. The embedding is kept if it is that of
  /// this normal form.
  mutating func take(_ entry: Entry, as form: HashtagForm) -> Int {
    let count = entry.spellings.values.reduce(0, +)
    let number = numbers[form.normal] ?? entries.count
    if number == entries.count {
      numbers[form.normal] = number
      entries.append(Entry(normal: form.normal, spellings: [:]))
    }
    entries[number].spellings[form.display, default: 0] += count
    entries[number].mentions += entry.mentions
    entries[number].tagged += entry.tagged
    if entry.normal.utf8.elementsEqual(form.normal.utf8) {
      (entries[number].embedding, entries[number].scale) = (entry.embedding, entry.scale)
    }
    return number
  }
}
