// SPDX-License-Identifier: Apache-2.0

import Text

/// A hashtag as a tweet spells it, and its normal form.
package struct HashtagForm: Sendable, Hashable {
  /// Without '#'.
  package let display: String
  /// The builder drops hashtags with an empty normal form.
  package let normal: String

  package init(display: String, normal: String) {
    self.display = display
    self.normal = normal
  }

  /// The hashtag with this spelling, shown by its normal form if the spelling has characters that no hashtag has. Nil without a
  /// letter, and for one that is too long for the index: nobody types it.
  package init?(spelling: String) {
    guard let normal = HashtagNormalForm.hashtag(spelling),
      max(spelling.utf8.count, normal.utf8.count) <= IndexLayout.maximumNameLength
    else { return nil }
    self.init(display: HashtagText.isWhole(spelling) ? spelling : normal, normal: normal)
  }
}

/// One tweet for the index.
package struct IndexRow: Sendable {
  /// The caller's id of the tweet; nil for a made name (``RowName``).
  package var identifier: String?
  /// The retriever's embedding of the tweet, L2-normalised, d components.
  package var vector: [Float]
  package var hashtags: [HashtagForm]
  /// Stored only in an index that keeps text.
  package var text: String?
  /// The tweet's words, for an index that supports searching by words. The caller splits the text.
  package var words: [String]?
  /// The tweet's words as hashes with frequencies, instead of `words`.
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

/// The options of an index build.
package struct IndexOptions: Sendable {
  /// d, the number of components of the embeddings.
  package var dimension: Int
  /// The `ModelFingerprint` of the model that computes the embeddings.
  package var modelFingerprint: String
  /// M, the number of 4-bit codes per row; nil for the default (96 for 384 components).
  package var subquantizers: Int?
  package var keepsText: Bool
  /// Whether rows can also be searched by words (``BM25``).
  package var indexesWords: Bool
  /// The seed of the k-means.
  package var seed: UInt64
  /// The number of rows that the quantiser is trained on, or all if there are fewer. Their floats stay in memory until
  /// then; later rows are encoded as they come. Shuffle a larger corpus if it has an order.
  package var trainingRows: Int
  /// The number of lists, so that a search reads only some of the rows; 0 for none, nil for the default (none for a small
  /// index).
  package var lists: Int?
  /// The program's name and version, recorded in the file.
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
