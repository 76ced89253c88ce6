// SPDX-License-Identifier: Apache-2.0

import Learning
import Tensors

/// Answers several tweets on several threads, in batches where these are faster.
///
/// Every tweet gets the same answer as it gets alone.
package struct BatchRecommender: Sendable {
  package let recommender: Recommender
  private let workers: Workers<Recommender.Workspace>
  /// Nil without learning.
  private let learner: StreamLearner?

  /// Tweets per thread and batch, about 120 tokens. Larger batches gain little and delay the first answer.
  static let groupSize = 4

  /// - Parameter learner: learns from the tweets; each answer depends only on the tweets before it.
  package init(_ recommender: Recommender, threads: Int, learner: StreamLearner? = nil) {
    self.recommender = recommender
    self.learner = learner
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
    if let learner { return try recommend(queries, from: learner, answer) }
    let groupSize = recommender.budget == nil ? Self.groupSize : 1
    return try workers.map(queries, inGroupsOf: groupSize, size: { $0.context.utf8.count }) { [recommender] group, workspace in
      try recommender.recommend(group, in: workspace).map(answer)
    }
  }

  package func recommend(_ queries: [Query]) throws -> [Recommendation] {
    try recommend(queries, query: { $0 }, answer: { $0 })
  }

  /// Encodes all tweets, teaches the stream one tweet after the other, then answers the tweets in batches as large as the
  /// stream's moments allow. With a time budget, it answers them one by one.
  private func recommend<Answer: Sendable>(
    _ queries: [Query], from learner: StreamLearner, _ answer: @escaping @Sendable (Recommendation) throws -> Answer
  ) throws -> [Answer] {
    if recommender.budget != nil {
      let answers = try queries.map { query in
        try workers.map([query]) { [recommender] query, workspace in
          try recommender.recommend(query, from: learner, in: workspace)
        }[0]
      }
      return try zip(queries, answers).filter { $0.0.teaching.isAsked }.map { try answer($0.1) }
    }
    return try stride(from: 0, to: queries.count, by: StreamLearner.mostLines).flatMap { first in
      let group = Array(queries[first..<min(first + StreamLearner.mostLines, queries.count)])
      var prepared = try workers.map(group, inGroupsOf: Self.groupSize, size: { $0.context.utf8.count }) {
        [recommender] group, workspace in try recommender.prepare(group, in: workspace)
      }
      recommender.learn(&prepared, from: learner)
      let asked = prepared.filter(\.query.teaching.isAsked)
      return try workers.map(asked, inGroupsOf: Self.groupSize, size: { $0.query.context.utf8.count }) {
        [recommender] group, workspace in
        var pace: Pace?
        return try recommender.answer(group, pace: &pace, in: workspace).map(answer)
      }
    }
  }
}
