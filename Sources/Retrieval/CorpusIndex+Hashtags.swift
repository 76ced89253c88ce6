// SPDX-License-Identifier: Apache-2.0

import Text

extension CorpusIndex {
  /// The numbers of the hashtags that row 0 ..< rowCount carries, ascending.
  package func hashtags(ofRow row: Int) -> some RandomAccessCollection<Int> {
    rowHashtags[Int(rowOffsets[row])..<Int(rowOffsets[row + 1])].lazy.map { Int($0) }
  }

  /// The spelling of hashtag 0 ..< hashtagCount that is shown: the most frequent one, without '#'. Where a file has one
  /// that is no hashtag, the normal form is shown.
  package func display(_ hashtag: Int) -> String {
    let spelling = displays[hashtag]
    return HashtagText.isWhole(spelling) ? spelling : normals[hashtag]
  }

  /// The normal form of a hashtag.
  package func normal(_ hashtag: Int) -> String { normals[hashtag] }

  /// The hashtag with this normal form. O(its length).
  package func lookup(_ normal: String) -> Int? { lookupTable.find(normal, in: normals) }

  /// How many rows carry the hashtag.
  package func frequency(_ hashtag: Int) -> Int { Int(frequencies[hashtag]) }

  /// How many tweets of the corpus contain the hashtag's normal form as a word, carried or not.
  package func mentions(_ hashtag: Int) -> Int { Int(mentionCounts[hashtag]) }

  /// How many of those tweets carry it.
  package func tagged(_ hashtag: Int) -> Int { Int(taggedCounts[hashtag]) }

  /// Prepares a selector's query embedding for `relevance`. nil unless it has d finite components.
  package func relevanceQuery(_ embedding: [Float]) -> HashtagQuery? {
    guard embedding.count == dimension, embedding.allSatisfy({ abs($0) <= 1e6 }) else { return nil }
    return HashtagQuery(query: FourBitQuery(embedding))
  }

  /// r(d_q, h) = cos(E(d_q), E(h)), ASSIGNER Eq. 2, with the hashtag's embedding in 4 bits (mean error 0.005 of the
  /// cosine). O(d).
  package func relevance(_ hashtag: Int, _ query: HashtagQuery) -> Float {
    let width = dimension / 2
    guard let base = embeddings.baseAddress else { return 0 }
    let product = query.query.dot(base + hashtag * width, scale: embeddingScales[hashtag])
    return min(1, max(-1, product))
  }

  /// A hashtag's embedding as it is stored, d components.
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
