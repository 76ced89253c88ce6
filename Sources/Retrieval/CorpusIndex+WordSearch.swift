// SPDX-License-Identifier: Apache-2.0

extension CorpusIndex {
  /// Whether the index can be searched by words.
  package var hasWords: Bool { words != nil }

  /// The rows with the largest BM25 scores for the query's words, best first; of equal ones the lower row. Rows that share
  /// no word with the query never come, so there may be fewer than `count`, and none in an index without words.
  ///
  /// - Parameters:
  ///   - words: as the rows' words were made; repetitions count.
  ///   - excluding: rows to leave out. They stay in the words' frequencies and the mean length.
  /// - Complexity: O(postings of the words + N).
  package func search(words query: [String], count: Int = 30, excluding: Set<Int> = []) -> [(row: Int, score: Float)] {
    words?.search(query, count: count, excluding: excluding) ?? []
  }
}
