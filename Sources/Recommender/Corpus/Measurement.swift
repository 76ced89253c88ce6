import Retrieval
import Text

/// Answers gold rows as the program would answer them from a pipe, leaving out of the corpus what a row asks to leave out.
public struct Measurement {
  private let recommender: Recommender
  private let workers: Workers<Recommender.Workspace>
  private let rowsByIdentifier: [String: Int]

  /// - Parameter rows: those that will be asked; identifiers are looked up only where one of them excludes rows.
  public init(recommender: Recommender, threads: Int, rows: [CorpusRow]) throws {
    self.recommender = recommender
    workers = Workers(workspaces: (0..<max(1, threads)).map { _ in recommender.makeWorkspace() })
    var places: [String: Int] = [:]
    if rows.contains(where: { !$0.exclude.isEmpty }) {
      for row in 0..<recommender.index.rowCount {
        places[try recommender.index.identifier(ofRow: row)] = row
      }
    }
    rowsByIdentifier = places
    _ = try workers.map([0]) { _, workspace in try recommender.calibrate(in: workspace) }
  }

  /// The answers to some rows.
  public func answer(_ rows: ArraySlice<CorpusRow>) throws -> [Recommendation] {
    let queries = rows.map { row in
      var query = Query(text: row.text)
      query.excludedRows = Set(row.exclude.compactMap { rowsByIdentifier[$0] })
      if row.hashtagsAreFromText { query.tweet.hashtags = [] }
      return query
    }
    return try workers.map(queries) { [recommender] query, workspace in
      try recommender.recommend(query, in: workspace)
    }
  }
}
