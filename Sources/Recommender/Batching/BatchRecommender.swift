// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Answers several tweets on several threads, in batches where these are faster.
///
/// Every tweet gets the same answer as it gets alone.
package struct BatchRecommender: Sendable {
  package let recommender: Recommender
  private let workers: Workers<Recommender.Workspace>

  /// Tweets per thread and batch, about 120 tokens. Larger batches gain little and delay the first answer.
  static let groupSize = 4

  package init(_ recommender: Recommender, threads: Int) {
    self.recommender = recommender
    workers = Workers(workspaces: (0..<max(1, threads)).map { _ in recommender.makeWorkspace() })
  }

  /// The number of tweets that keeps all threads busy without delaying the first answer.
  ///
  /// A time budget applies to each tweet. With a budget, no tweet waits for another on its thread.
  package var batch: Int { recommender.budget == nil ? Self.groupSize * workers.count : workers.count }

  /// Measures the speed of this machine if there is a time budget; see `Recommender.calibrate`.
  @discardableResult
  package func calibrate() throws -> BudgetForecast? {
    try workers.map([0]) { [recommender] _, workspace in try recommender.calibrate(in: workspace) }[0]
  }

  /// Answers requests, in their order.
  ///
  /// - Parameters:
  ///   - query: converts a request to a query.
  ///   - answer: converts a recommendation to an answer.
  package func recommend<Request: Sendable, Answer: Sendable>(
    _ requests: [Request], query: @escaping @Sendable (Request) -> Query,
    answer: @escaping @Sendable (Recommendation) throws -> Answer
  ) throws -> [Answer] {
    let queries = try workers.map(requests) { request, _ in query(request) }
    let groupSize = recommender.budget == nil ? Self.groupSize : 1
    return try workers.map(queries, inGroupsOf: groupSize, size: { $0.context.utf8.count }) { [recommender] group, workspace in
      try recommender.recommend(group, in: workspace).map(answer)
    }
  }

  package func recommend(_ queries: [Query]) throws -> [Recommendation] {
    try recommend(queries, query: { $0 }, answer: { $0 })
  }
}
