// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Which live rows have a word: the inverted lists by which near-duplicates are known and tweets compared by their words.
struct WordPostings {
  /// Rows that are looked at for a tweet, those of its rarest words first, and of one word, the last ones: common words say
  /// little, and no tweet costs much more than another.
  private static let mostRows = 1024
  private static let mostRowsOfWord = 128
  /// Rows that a tweet is compared with, to tell whether it repeats one of them.
  private static let mostCompared = 512
  private static let weightUnit = 256.0

  private var lists: [UInt32: RowList] = [:]

  mutating func append(_ row: Int, words: [UInt32]) {
    for word in words { lists[word, default: RowList()].append(row) }
  }

  /// Takes off the first row, which has these words.
  mutating func removeFirst(words: some Sequence<UInt32>) {
    for word in words {
      lists[word]?.removeFirst()
      if lists[word]?.isEmpty == true { lists[word] = nil }
    }
  }

  /// Whether a row has nearly these words: four fifths of all that the two have are common (Jaccard).
  ///
  /// Such a row has one of this tweet's rarest words: of n words it can lack n/5 at most. Of the rows with one of these the
  /// latest are compared.
  func hasNearDuplicate(_ words: [UInt32], in visible: Range<Int>, _ rows: LiveRows) -> Bool {
    guard !words.isEmpty else { return false }
    let listed = words.compactMap { word in lists[word].map { (word: word, list: $0, count: $0.count(in: visible)) } }
    let absent = words.count - listed.count
    // Words that no row has are the rarest.
    let needed = words.count / 5 + 1 - absent
    guard needed > 0 else { return false }
    let rarest = listed.sorted { ($0.count, $0.word) < ($1.count, $1.word) }.prefix(needed)
    for (_, list, _) in rarest {
      for row in list.rows(in: visible, last: Self.mostCompared / rarest.count) {
        let (segment, place) = rows.place(of: Int(row))
        if Self.areNearDuplicates(words, segment.words(place)) { return true }
      }
    }
    return false
  }

  /// Whether two ascending lists have a Jaccard index of 0.8 or more: 5 × common >= 4 × all.
  static func areNearDuplicates(_ a: [UInt32], _ b: ArraySlice<UInt32>) -> Bool {
    guard 5 * a.count >= 4 * b.count, 5 * b.count >= 4 * a.count else { return false }
    var (i, j, common) = (0, b.startIndex, 0)
    while i < a.count, j < b.endIndex {
      if a[i] == b[j] {
        common += 1
        i += 1
        j += 1
      } else if a[i] < b[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return 5 * common >= 4 * (a.count + b.count - common)
  }

  /// What the words of a tweet say.
  struct Findings {
    /// The rows that have most words in common with it, by idf, best first; of equal ones the later row.
    var nearest: [Int] = []
    /// For slots of hashtags, the largest share, over the tweet's words, of the rows with the word that carry it.
    var together: [(slot: Int32, share: Float)] = []
  }

  /// Compares a tweet's words with those of some rows.
  func find(
    _ words: [UInt32], in visible: Range<Int>, count: Int, _ rows: LiveRows, slots: Int, _ scratch: StreamScratch
  ) -> Findings {
    let listed = words.compactMap { word in lists[word].map { (word: word, list: $0, count: $0.count(in: visible)) } }
      .filter { $0.count > 0 }
      .sorted { ($0.count, $0.word) < ($1.count, $1.word) }
    scratch.begin(rows: visible.count, slots: slots)
    var left = Self.mostRows
    for (_, list, count) in listed where left > 0 {
      let weight = Int32(
        (DeterministicMath.log(Double(visible.count + 1) / Double(count)) * Self.weightUnit).rounded(.up))
      let last = list.rows(in: visible, last: min(left, Self.mostRowsOfWord))
      left -= last.count
      for row in last { scratch.fetch(row: Int(row) - visible.lowerBound) }
      rows.forEach(last) { row, hashtags in
        scratch.add(weight, row: row - visible.lowerBound)
        for slot in hashtags { scratch.count(Int(slot)) }
      }
      scratch.settle(rows: last.count)
    }
    return scratch.findings(count: count, first: visible.lowerBound)
  }
}
