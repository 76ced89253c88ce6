// SPDX-License-Identifier: Apache-2.0

import Generation
import Ranking

/// The options of a ``Recommender``.
package struct RecommenderOptions: Sendable {
  /// k, the maximum number of hashtags; a line may set its own.
  package var count = 5
  package var retriever = Retriever.dense
  /// N, the number of retrieved tweets; 0 for none.
  package var neighbours = 30
  /// Whether the selector compares the tweet with hashtags. Without the selector, r(d_q, h) is 0.
  package var selector = true
  /// p, the number of retrieved hashtags in the generator's input.
  package var hints = 5
  /// The generator's options.
  package var generation = GenerationOptions()
  package var ranking = RankingMethod.learned
  /// Hashtags with a lower score are not recommended. Nil: a learned ranking, whose scores are probabilities, chooses the
  /// number with the largest expected F1; another ranking recommends all up to `count`.
  package var threshold: Double?
  package var filter = HashtagFilter()
  /// The time limit of an answer. The generator's steps and candidates are then an upper limit: it does less, or nothing,
  /// if they would take too long. Answers then depend on the speed of the machine.
  package var budget: Duration?

  /// What a person says of the disaster that all tweets are about.
  package var event: EventCard?
  /// Whether the program learns from a stream and uses it for answers.
  package var learns = false

  package init() {}
}
