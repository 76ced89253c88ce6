// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// What the corpus says about a hashtag, as it would be without some of its rows.
///
/// Fitting a ranking asks for tweets that are in the corpus themselves. Their own rows, and near-duplicates, must then be
/// gone from the neighbours and from the counts: a hashtag that only they carry must look unknown.
package struct CorpusStatistics {
  private let index: CorpusIndex
  /// Rows left out, and how many of them carry each hashtag.
  package let excludedRows: Set<Int>
  private var excludedCounts: [Int: Int] = [:]

  /// - Parameter excluding: rows of the index to leave out; numbers outside it are ignored.
  package init(index: CorpusIndex, excluding rows: Set<Int> = []) {
    self.index = index
    excludedRows = rows.filter { (0..<index.rowCount).contains($0) }
    for row in excludedRows {
      for hashtag in index.hashtags(ofRow: row) { excludedCounts[hashtag, default: 0] += 1 }
    }
  }

  /// Tweets that carry the hashtag.
  package func frequency(_ hashtag: Int) -> Int {
    max(0, index.frequency(hashtag) - excludedCounts[hashtag, default: 0])
  }

  /// Tweets that have the hashtag as a word; and those of them that carry it.
  ///
  /// Rows left out are the query itself and its near-duplicates: where the query has the word, they have it too, carried
  /// or not.
  package func mentions(_ hashtag: Int, isInQuery: Bool) -> (mentions: Int, tagged: Int) {
    guard isInQuery else { return (index.mentions(hashtag), index.tagged(hashtag)) }
    let mentions = max(0, index.mentions(hashtag) - excludedRows.count)
    let tagged = max(0, index.tagged(hashtag) - excludedCounts[hashtag, default: 0])
    return (mentions, min(mentions, tagged))
  }
}
