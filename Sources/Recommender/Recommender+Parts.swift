// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Tensors

/// The parts of a tweet's way one by one, for measuring what each costs; `recommend` is all of them.
extension Recommender {
  /// The retriever's embedding of a tweet; empty for a model without one.
  package func embedding(of query: Query, in workspace: Workspace) throws(TensorError) -> [Float] {
    try encoders?.embed(query.context, with: .retriever, arena: workspace.arena) ?? []
  }

  /// All candidates but those that are generated, with their features.
  ///
  /// - Parameter embedding: the selector's, which is the retriever's where the two are one network.
  package func candidates(for query: Query, embedding: [Float], neighbours: [Neighbor]) -> [Candidate] {
    let statistics = CorpusStatistics(index: index, excluding: query.excludedRows)
    let selector = options.selector ? index.relevanceQuery(embedding) : nil
    var set = CandidateSet(index: index, statistics: statistics, selector: selector)
    set.add(
      retrieved: RightSelection.gather(neighbours, index: index, statistics: statistics, selector: selector))
    set.addSelected()
    set.add(wordsOf: query.tweet.text)
    set.add(typed: query.tweet.hashtags)
    set.finish(nearestSimilarity: Double(neighbours.map(\.similarity).max() ?? 0))
    return set.candidates
  }
}
