// SPDX-License-Identifier: Apache-2.0
/// A hashtag as a tweet spells it and in its normal form. The normal form's rules live with the caller.
package struct HashtagForm: Sendable, Hashable {
  /// Without '#'.
  package let display: String
  /// Never empty: rows drop hashtags whose normal form is.
  package let normal: String

  package init(display: String, normal: String) {
    self.display = display
    self.normal = normal
  }
}

/// One tweet for the index.
package struct IndexRow: Sendable {
  /// The caller's id of the tweet, nil for a made name (``RowName``).
  package var identifier: String?
  /// The retriever's embedding of the tweet, L2-normalised, d components.
  package var vector: [Float]
  package var hashtags: [HashtagForm]
  /// Stored only in an index that keeps text.
  package var text: String?
  /// The tweet's words, for an index that is searched by words; their rules live with the caller.
  package var words: [String]?
  /// The same for words that are known by their hashes alone.
  package var countedWords: [RowWord]?

  package init(
    identifier: String? = nil, vector: [Float], hashtags: [HashtagForm], text: String? = nil, words: [String]? = nil
  ) {
    self.identifier = identifier
    self.vector = vector
    self.hashtags = hashtags
    self.text = text
    self.words = words
  }
}

/// How an index is built.
package struct IndexOptions: Sendable {
  /// d: components of the embeddings.
  package var dimension: Int
  /// `ModelFingerprint` of the model that makes the embeddings.
  package var modelFingerprint: String
  /// M: 4-bit codes of a row; nil for the default (128 for 384 components).
  package var subquantizers: Int?
  package var keepsText: Bool
  /// Whether rows can be searched by their words, too (``BM25``).
  package var indexesWords: Bool
  /// Seeds the k-means.
  package var seed: UInt64
  /// The quantiser is trained when so many rows are there, or all; until then their floats wait in memory. Later rows are
  /// encoded as they come. If a corpus is larger and in some order, shuffle it.
  package var trainingRows: Int
  /// Lists that rows are put into, so that a search looks at some of them only; 0 for none, nil for as many as the number
  /// of rows wants (none for a small index).
  package var lists: Int?
  /// The program's name and version, noted in the file.
  package var createdBy: String

  package init(
    dimension: Int, modelFingerprint: String, subquantizers: Int? = nil, keepsText: Bool = false, indexesWords: Bool = false,
    seed: UInt64 = 0,
    trainingRows: Int = 131_072, lists: Int? = nil, createdBy: String = "assigner"
  ) {
    self.lists = lists
    self.dimension = dimension
    self.modelFingerprint = modelFingerprint
    self.subquantizers = subquantizers
    self.keepsText = keepsText
    self.indexesWords = indexesWords
    self.seed = seed
    self.trainingRows = trainingRows
    self.createdBy = createdBy
  }
}
