// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Text

/// Answers gold rows as the program answers input lines, and ignores the corpus rows that each row excludes.
package struct Measurement {
  private let recommender: BatchRecommender
  private let rowsByIdentifier: [String: Int]

  /// - Parameter rows: those that will be asked; identifiers are looked up only where one of them excludes rows.
  package init(recommender: Recommender, threads: Int, rows: [CorpusRow]) throws {
    self.recommender = BatchRecommender(recommender, threads: threads)
    var places: [String: Int] = [:]
    if rows.contains(where: { !$0.exclude.isEmpty }) {
      for row in 0..<recommender.index.rowCount {
        places[try recommender.index.identifier(ofRow: row)] = row
      }
    }
    rowsByIdentifier = places
    try self.recommender.calibrate()
  }

  /// Answers the rows.
  package func answer(_ rows: ArraySlice<CorpusRow>) throws -> [Recommendation] {
    try recommender.recommend(
      Array(rows),
      query: { [rowsByIdentifier] row in
        var query = Query(text: row.text)
        query.excludedRows = Set(row.exclude.compactMap { rowsByIdentifier[$0] })
        if row.hashtagsAreFromText { query.tweet.hashtags = [] }
        return query
      }, answer: { $0 })
  }
}
