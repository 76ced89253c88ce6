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
  package func candidates(for query: Query, embedding: [Float], neighbours: [Neighbour]) -> [Candidate] {
    let statistics = CorpusStatistics(index: index, excluding: query.excludedRows)
    var draft = draft(query, statistics, selector: options.selector ? embedding : [], neighbours)
    draft.finish(sources)
    return draft.answer.candidates
  }
}
