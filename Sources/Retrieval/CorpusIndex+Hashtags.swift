// SPDX-License-Identifier: Apache-2.0

import CKernels
import Text

extension CorpusIndex {
  /// The numbers of the hashtags that a row (0 ..< rowCount) carries, ascending.
  package func hashtags(ofRow row: Int) -> some RandomAccessCollection<Int> {
    rowHashtags[Int(rowOffsets[row])..<Int(rowOffsets[row + 1])].lazy.map { Int($0) }
  }

  /// The displayed spelling of a hashtag (0 ..< hashtagCount): the most frequent one, without '#'.
  ///
  /// If the file holds a spelling that is not a valid hashtag, the normal form is displayed instead.
  package func display(_ hashtag: Int) -> String {
    let spelling = displays[hashtag]
    return HashtagText.isWhole(spelling) ? spelling : normals[hashtag]
  }

  /// The normal form of a hashtag.
  package func normal(_ hashtag: Int) -> String { normals[hashtag] }

  /// The hashtag with this normal form. O(its length).
  package func lookup(_ normal: String) -> Int? { lookupTable.find(normal, in: normals) }

  /// The number of rows that carry the hashtag.
  package func frequency(_ hashtag: Int) -> Int { Int(frequencies[hashtag]) }

  /// The number of corpus tweets that contain the hashtag's normal form as a word, whether or not they carry the hashtag.
  package func mentions(_ hashtag: Int) -> Int { Int(mentionCounts[hashtag]) }

  /// The number of those tweets that also carry the hashtag.
  package func tagged(_ hashtag: Int) -> Int { Int(taggedCounts[hashtag]) }

  /// Prepares a query embedding of the selector for `relevance`. Nil unless it has d finite components.
  package func relevanceQuery(_ embedding: [Float]) -> HashtagQuery? {
    guard embedding.count == dimension, embedding.allSatisfy({ abs($0) <= 1e6 }) else { return nil }
    return HashtagQuery(query: FourBitQuery(embedding))
  }

  /// The relevance r(d_q, h) = cos(E(d_q), E(h)), ASSIGNER Eq. 2. O(d).
  ///
  /// The hashtag's embedding is stored in 4 bits; the mean error of the cosine is 0.005.
  package func relevance(_ hashtag: Int, _ query: HashtagQuery) -> Float {
    let width = dimension / 2
    guard let base = embeddings.baseAddress else { return 0 }
    let product = query.query.dot(base + hashtag * width, scale: embeddingScales[hashtag])
    return min(1, max(-1, product))
  }

  /// Calls `body` with each hashtag that at least `minimum` rows carry, in order, and its relevance. O(H d) for H hashtags.
  package func forEachHashtag(ofAtLeast minimum: Int, _ query: HashtagQuery, _ body: (Int, Float) -> Void) {
    // Most hashtags are rarer, so the others' embeddings lie apart. They are asked for before their turn, or each would wait for
    // the memory.
    let ahead = 48
    let (width, cacheLine) = (dimension / 2, 64)
    let frequencies = frequencies
    for hashtag in 0..<hashtagCount {
      let coming = hashtag + ahead
      if coming < hashtagCount, frequencies[coming] >= minimum, let base = embeddings.baseAddress {
        for byte in stride(from: 0, to: width, by: cacheLine) { assigner_prefetch(base + coming * width + byte) }
      }
      if frequencies[hashtag] >= minimum { body(hashtag, relevance(hashtag, query)) }
    }
  }

  /// A hashtag's decoded embedding, d components.
  package func embedding(_ hashtag: Int) -> [Float] {
    let width = dimension / 2
    return FourBitRow.decode(
      UnsafeBufferPointer(rebasing: embeddings[hashtag * width..<(hashtag + 1) * width]),
      scale: embeddingScales[hashtag])
  }
}

/// A query embedding of the selector, prepared for many hashtags.
package struct HashtagQuery: Sendable {
  let query: FourBitQuery
}
