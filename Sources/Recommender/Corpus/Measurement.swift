// SPDX-License-Identifier: Apache-2.0

import Learning
import Retrieval
import Text

/// Answers gold rows as the program answers input lines, and ignores the corpus rows that each row excludes.
package struct Measurement {
  private let recommender: BatchRecommender
  private let rowsByIdentifier: [String: Int]
  private let learns: Bool

  /// - Parameters:
  ///   - rows: the rows to answer. Identifiers are looked up only if a row excludes others.
  ///   - learner: learns from the rows in their order: the words of each row, then, if the row teaches, its hashtags.
  package init(recommender: Recommender, threads: Int, rows: [CorpusRow], learner: StreamLearner? = nil) throws {
    learns = learner != nil
    self.recommender = BatchRecommender(recommender, threads: threads, learner: learner)
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
    let queries = rows.flatMap { row in
      var query = Query(text: row.text, conversation: row.conversation)
      query.excludedRows = Set(row.exclude.compactMap { rowsByIdentifier[$0] })
      if row.hashtagsAreFromText { query.tweet.hashtags = [] }
      (query.teaching.author, query.teaching.time) = (row.author, row.time)
      guard learns, let typed = row.typed else { return [query] }
      var lesson = Query(text: typed)
      lesson.teaching = query.teaching
      lesson.teaching.isAsked = false
      return [query, lesson]
    }
    return try recommender.recommend(queries)
  }
}
