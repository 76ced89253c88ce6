// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// How the nearest tweets are found.
package enum Retriever: String, CaseIterable, Sendable {
  /// By the cosine of embeddings (ASSIGNER Eq. 1).
  case dense
  /// By their words, with BM25 (RIGHT's sparse retriever). Needs no network.
  case bm25
  /// By both, fused by reciprocal rank.
  case hybrid
}

/// Finds a tweet's neighbours in the corpus, with what s(d_q, d_i) shall be in the selector's formulas:
///
/// - dense: the cosine.
/// - bm25: the score as a share of the best one's, so in 0...1 as cosines are. RIGHT takes the bare score, beside which
///   the selector's cosine says nothing.
/// - hybrid: the cosine too, for rows that only BM25 found as well; the order is the fused one.
struct NeighbourSearch: Sendable {
  private let index: CorpusIndex
  private let retriever: Retriever
  private let count: Int

  /// - Throws: `RetrievalError` where words are asked for and the index has none.
  init(index: CorpusIndex, retriever: Retriever, count: Int) throws(RetrievalError) {
    if retriever != .dense, !index.hasWords { throw .noWords(path: index.file.path) }
    self.index = index
    self.retriever = retriever
    self.count = count
  }

  /// Whether `find` looks at the embedding.
  var needsEmbedding: Bool { retriever != .bm25 && count > 0 }

  /// Rows of each ranking that are fused: more than are wanted, so that one which both have far down can still come first.
  private var fusionDepth: Int { max(100, count) }

  /// The neighbours, best first.
  /// - Parameters:
  ///   - embedding: the retriever's, of length 1; looked at only where it is needed.
  ///   - words: those of the query, as the index's rows have them.
  func find(embedding: [Float], words: @autoclosure () -> [String], excluding rows: Set<Int>) -> [Neighbour] {
    if count == 0 { return [] }
    switch retriever {
    case .dense:
      return index.search(embedding, count: count, excluding: rows)
    case .bm25:
      let found = index.search(words: words(), count: count, excluding: rows)
      let best = found.first?.score ?? 1
      return found.map { Neighbour(row: $0.row, similarity: $0.score / best) }
    case .hybrid:
      let dense = index.search(embedding, count: fusionDepth, excluding: rows)
      let sparse = index.search(words: words(), count: fusionDepth, excluding: rows)
      let fused = ReciprocalRank.fuse([dense.map(\.row), sparse.map(\.row)], count: count)
      return index.similarities(of: fused, to: embedding)
    }
  }
}
