// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Tensors

/// The steps of `recommend` one by one, for benchmarks.
extension Recommender {
  /// The retriever's embedding of a tweet; empty for a model without one.
  package func embedding(of query: Query, in workspace: Workspace) throws(TensorError) -> [Float] {
    try encoders?.embed(query.context, with: .retriever, arena: workspace.arena) ?? []
  }

  /// All candidates except the generated ones, with their features.
  ///
  /// - Parameter embedding: the selector's embedding. It equals the retriever's if both are one network.
  package func candidates(for query: Query, embedding: [Float], neighbours: [Neighbour]) -> [Candidate] {
    let statistics = CorpusStatistics(index: index, excluding: query.excludedRows)
    var draft = draft(query, statistics, selector: options.selector ? embedding : [], neighbours)
    draft.finish(sources)
    return draft.answer.candidates
  }
}
