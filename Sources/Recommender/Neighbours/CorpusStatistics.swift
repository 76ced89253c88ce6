// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// The corpus counts of hashtags, without some of the rows.
///
/// A ranking is fitted on tweets that are in the corpus. Their own rows and near-duplicates must then be missing from the
/// neighbours and from the counts: a hashtag that only they carry must look unknown.
package struct CorpusStatistics {
  private let index: CorpusIndex
  /// The excluded rows, and how many of them carry each hashtag.
  package let excludedRows: Set<Int>
  private var excludedCounts: [Int: Int] = [:]

  /// - Parameter excluding: rows of the index to exclude; numbers outside it are ignored.
  package init(index: CorpusIndex, excluding rows: Set<Int> = []) {
    self.index = index
    excludedRows = rows.filter { (0..<index.rowCount).contains($0) }
    for row in excludedRows {
      for hashtag in index.hashtags(ofRow: row) { excludedCounts[hashtag, default: 0] += 1 }
    }
  }

  /// The number of tweets that carry the hashtag.
  package func frequency(_ hashtag: Int) -> Int {
    max(0, index.frequency(hashtag) - excludedCounts[hashtag, default: 0])
  }

  /// The number of tweets that contain the hashtag as a word, and how many of them carry it.
  ///
  /// The excluded rows are the query and its near-duplicates. If the query contains the word, they are taken to contain it
  /// too.
  package func mentions(_ hashtag: Int, isInQuery: Bool) -> (mentions: Int, tagged: Int) {
    guard isInQuery else { return (index.mentions(hashtag), index.tagged(hashtag)) }
    let mentions = max(0, index.mentions(hashtag) - excludedRows.count)
    let tagged = max(0, index.tagged(hashtag) - excludedCounts[hashtag, default: 0])
    return (mentions, min(mentions, tagged))
  }
}
