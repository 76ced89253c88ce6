// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import Ranking
import Recommender
import Retrieval

extension Answer {
  /// Turns a recommendation into an answer of the line protocol.
  init(_ recommendation: Recommendation, explain: Bool, index: CorpusIndex) throws {
    self.init(
      hashtags: recommendation.hashtags.map { hashtag in
        Hashtag(
          tag: hashtag.tag, score: hashtag.score, from: hashtag.sources.map(\.rawValue),
          features: explain ? recommendation.features.map { ($0.rawValue, hashtag.features[$0]) } : [])
      },
      neighbours: explain
        ? try recommendation.neighbours.map { neighbour in
          Neighbour(
            id: try index.identifier(ofRow: neighbour.row), similarity: Double(neighbour.similarity),
            hashtags: index.hashtags(ofRow: neighbour.row).map(index.display))
        } : [], budget: recommendation.budget.map(Budget.init))
  }
}

extension Recommendation {
  /// The features of its candidates: those of the stream only if the recommender learns.
  var features: [Feature] { learns ? Feature.allCases : Feature.withoutStream }
}

extension Answer.Budget {
  init(_ use: BudgetUse) {
    self.init(
      milliseconds: 1000 * use.limit.seconds, taken: 1000 * use.taken.seconds,
      steps: use.effort.map(\.steps) ?? 0, candidates: use.effort?.candidates ?? 0)
  }
}
