// SPDX-License-Identifier: Apache-2.0

extension CorpusIndex {
  /// Whether the index supports searching by words.
  package var hasWords: Bool { words != nil }

  /// The rows with the largest BM25 scores for the query's words, best first; ties go to the lower row.
  ///
  /// Rows that share no word with the query are never returned, so there may be fewer than `count`. An index without words
  /// returns none.
  ///
  /// - Parameters:
  ///   - words: the query's words, made in the same way as those of the rows. Repetitions count.
  ///   - excluding: rows to skip. They still count in the words' frequencies and the mean length.
  /// - Complexity: O(postings of the words + N).
  package func search(words query: [String], count: Int = 30, excluding: Set<Int> = []) -> [(row: Int, score: Float)] {
    search(words: query.reduce(into: [:]) { $0[$1, default: 0] += 1 }, count: count, excluding: excluding)
  }

  /// The same with a weight for each word, 1 for a word that occurs once.
  package func search(
    words query: [String: Float], count: Int = 30, excluding: Set<Int> = []
  ) -> [(row: Int, score: Float)] {
    words?.search(query, count: count, excluding: excluding) ?? []
  }
}
