// SPDX-License-Identifier: Apache-2.0

import Ranking

/// The answer to a ``Query``.
package struct Recommendation: Sendable {
  /// A recommended hashtag.
  package struct Hashtag: Sendable {
    /// The spelling, without "#".
    package var tag: String
    /// The calibrated probability in [0, 1].
    package var score: Double
    package var sources: [Candidate.Source]
    package var features: FeatureVector
  }

  /// A retrieved tweet.
  package struct Neighbour: Sendable {
    /// The row's number in the index.
    package var row: Int
    /// The cosine; with BM25 alone, the score divided by the best score.
    package var similarity: Float
  }

  /// Best first, at most as many as requested.
  package var hashtags: [Hashtag] = []
  /// Best first, in the retriever's order.
  package var neighbours: [Neighbour] = []
  /// All candidates with their features, in the order they were found.
  package var candidates: [Candidate] = []
  /// Whether the program learns, so that candidates have the features of the stream.
  package var learns = false
  /// The use of the time budget; nil without one.
  package var budget: BudgetUse?
}
