// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// What one line of the stream teaches: its words, and where its tweet carries hashtags, these and its embedding.
package struct Lesson: Equatable, Sendable {
  /// A word of the tweet by its hash, and how often it stands there.
  package struct Word: Equatable, Sendable {
    package var hash: UInt64
    package var frequency: UInt8

    package init(hash: UInt64, frequency: UInt8) {
      self.hash = hash
      self.frequency = frequency
    }

    /// What the stream knows a word by; ascends with the hash.
    var key: UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }
  }

  /// A line may hold 64 KiB, a tweet does not: what stands beyond these teaches nothing.
  package static let maximumWords = 256
  package static let maximumHashtags = 30

  /// Ascending by hash, each once.
  package var words: [Word] = []
  /// Spellings without "#", each normal form once. Empty for a tweet that teaches words alone.
  package var hashtags: [String] = []
  /// There where there are hashtags.
  package var vector: QuantizedRow?
  /// A hash of the account that wrote it.
  package var author: UInt64?
  /// Seconds since 1970.
  package var time: Int?
  /// The caller's name for the tweet.
  package var identifier: String?
  /// Kept only where the journal keeps texts.
  package var text: String?

  package init() {}

  /// The words of a tweet as a lesson has them. A tweet without words (emoji, say) has its text in their place, so that
  /// its copies are known.
  ///
  /// - Parameters:
  ///   - words: in their order, repetitions included.
  ///   - text: the tweet's normal form.
  package static func words(_ words: [String], text: String) -> [Word] {
    var counts: [UInt64: UInt8] = [:]
    for word in words {
      let hash = XXH64.hash(Array(word.utf8))
      if let count = counts[hash] {
        counts[hash] = count < .max ? count + 1 : count
      } else if counts.count < maximumWords {
        counts[hash] = 1
      }
    }
    if counts.isEmpty, !text.isEmpty { counts[XXH64.hash(Array(text.utf8))] = 1 }
    return counts.map { Word(hash: $0, frequency: $1) }.sorted { $0.hash < $1.hash }
  }

  /// Removes everything that a tweet without hashtags does not teach.
  mutating func keepWordsAlone() {
    let (words, time) = (words, time)
    self = Lesson()
    (self.words, self.time) = (words, time)
  }

  var keys: [UInt32] { Self.keys(of: words) }

  /// The words' keys, ascending, each once.
  static func keys(of words: [Word]) -> [UInt32] {
    var keys: [UInt32] = []
    keys.reserveCapacity(words.count)
    for word in words where keys.last != word.key { keys.append(word.key) }
    return keys
  }

  static func key(of word: String) -> UInt32 { Word(hash: XXH64.hash(Array(word.utf8)), frequency: 1).key }
}
