// SPDX-License-Identifier: Apache-2.0

import Generation
import Ranking

/// How a tweet goes its way.
package struct RecommenderOptions: Sendable {
  /// k, the hashtags recommended at most where the line does not say.
  package var count = 5
  package var retriever = Retriever.dense
  /// N, the tweets retrieved; 0 for none.
  package var neighbours = 30
  /// Whether the selector compares the tweet with hashtags; without it r(d_q, h) is 0.
  package var selector = true
  /// p, the retrieved hashtags that the generator is told.
  package var hints = 5
  /// How the generator writes.
  package var generation = GenerationOptions()
  package var ranking = RankingMethod.learned
  /// Hashtags with a lower score are not recommended. Nil: with a learned ranking, whose scores are probabilities, as many
  /// are recommended as let expect the largest F1; with another one all.
  package var threshold: Double?
  package var filter = HashtagFilter()
  /// The time that an answer may take: steps and candidates are then the most that the generator does, and it does less, or
  /// nothing, where they would take longer. Answers then depend on the speed of the machine.
  package var budget: Duration?

  /// Whether tweets are answered beside a stream that is learned.
  package var learns = false

  package init() {}
}
