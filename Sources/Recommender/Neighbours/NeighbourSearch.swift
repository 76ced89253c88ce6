// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// The methods of finding the nearest tweets.
package enum Retriever: String, CaseIterable, Sendable {
  /// By the cosine of embeddings (ASSIGNER Eq. 1).
  case dense
  /// By words, with BM25 (RIGHT's sparse retriever). It needs no network.
  case bm25
  /// By both, fused by reciprocal rank.
  case hybrid
}

/// Finds a tweet's neighbours in the corpus and their similarity s(d_q, d_i) for the selector's formulas:
///
/// - dense: the cosine.
/// - bm25: the score divided by the best score, to the power of 3/4, so that it lies in 0...1 as cosines do. RIGHT uses the raw score,
///   which is so large that the selector's cosine has no effect. The power makes the sum of s⁴ a vote by the cube of the scores.
/// - hybrid: the cosine, also for rows that only BM25 found. The order comes from the fusion.
struct NeighbourSearch: Sendable {
  private let index: CorpusIndex
  private let retriever: Retriever
  private let count: Int

  /// - Throws: `RetrievalError` if the retriever needs words and the index has none.
  init(index: CorpusIndex, retriever: Retriever, count: Int) throws(RetrievalError) {
    if retriever != .dense, !index.hasWords { throw .noWords(path: index.file.path) }
    self.index = index
    self.retriever = retriever
    self.count = count
  }

  /// Whether `find` reads the embedding.
  var needsEmbedding: Bool { retriever != .bm25 && count > 0 }

  /// Rows per ranking to fuse: more than needed, because a row that both rankings place low may come first in the fusion.
  private var fusionDepth: Int { max(100, count) }

  /// Finds the neighbours, best first.
  /// - Parameters:
  ///   - embedding: the retriever's embedding, of length 1; ignored if `needsEmbedding` is false.
  ///   - words: the query's words with their weights, made in the same way as those of the index's rows.
  ///   - byWordsAlone: whether the embedding says nothing. The index must then have words.
  func find(
    embedding: [Float], words: @autoclosure () -> [String: Float], byWordsAlone: Bool = false, excluding rows: Set<Int>
  ) -> [Neighbour] {
    if count == 0 { return [] }
    switch byWordsAlone ? .bm25 : retriever {
    case .dense:
      return index.search(embedding, count: count, excluding: rows)
    case .bm25:
      let found = index.search(words: words(), count: count, excluding: rows)
      let best = found.first?.score ?? 1
      return found.map { Neighbour(row: $0.row, similarity: Self.similarity($0.score / best)) }
    case .hybrid:
      let dense = index.search(embedding, count: fusionDepth, excluding: rows)
      let sparse = index.search(words: words(), count: fusionDepth, excluding: rows)
      let fused = ReciprocalRank.fuse([dense.map(\.row), sparse.map(\.row)], count: count)
      return index.similarities(of: fused, to: embedding)
    }
  }

  /// x^(3/4), of square roots, which every machine rounds alike.
  private static func similarity(_ share: Float) -> Float {
    share.squareRoot() * share.squareRoot().squareRoot()
  }
}
