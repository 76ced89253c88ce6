// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Answers tweets that are there together: on several threads, and those of a thread together as far as that is faster. Every
/// answer is the one that the tweet has alone.
package struct BatchRecommender: Sendable {
  package let recommender: Recommender
  private let workers: Workers<Recommender.Workspace>

  /// Tweets that a thread takes at once: some 120 tokens. More would gain little and let the first answer wait.
  static let groupSize = 4

  package init(_ recommender: Recommender, threads: Int) {
    self.recommender = recommender
    workers = Workers(workspaces: (0..<max(1, threads)).map { _ in recommender.makeWorkspace() })
  }

  /// How many tweets keep all threads busy without letting the first one's answer wait for long. With a time budget, which
  /// is each tweet's own, no tweet waits for another of its thread.
  package var batch: Int { recommender.budget == nil ? Self.groupSize * workers.count : workers.count }

  /// Learns how fast this machine is, where there is a time budget; see `Recommender.calibrate`.
  @discardableResult
  package func calibrate() throws -> BudgetForecast? {
    try workers.map([0]) { [recommender] _, workspace in try recommender.calibrate(in: workspace) }[0]
  }

  /// Answers to requests, in their order.
  ///
  /// - Parameters:
  ///   - query: makes a request a query.
  ///   - answer: takes from a recommendation what is kept of it.
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
