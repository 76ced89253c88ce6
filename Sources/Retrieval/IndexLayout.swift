// SPDX-License-Identifier: Apache-2.0
/// The sections of an index file.
///
/// N rows of d components, M sub-quantisers, H hashtags, P row-hashtag pairs, W different words, L lists:
///
/// | section | type, shape | what |
/// | --- | --- | --- |
/// | search/codebooks | float32 [M, 16, d/M] | centroids |
/// | search/codes | uint8 [⌈N/32⌉, M/2, 32] | codes, in the blocks of `assigner_pq_scan` |
/// | search/residuals | uint8 [N, d/2] | x − x̂ in 4 bits, layout of `FourBitRow` |
/// | search/scales | float32 [N, 2] | step of the residual; factor that makes the product with x exact |
/// | lists/centroids | uint8 [L, d/2] | only in an index with lists; 4 bits, layout of `FourBitRow` |
/// | lists/scales | float32 [L] | their steps |
/// | lists/offsets | uint32 [L + 1] | where a list's rows begin |
/// | rows/hashtags.offsets | uint32 [N + 1] | where a row's hashtags begin |
/// | rows/hashtags | uint32 [P] | ascending in a row |
/// | rows/identifiers | cold strings | names of rows; absent: the made name of the row's number |
/// | rows/text | cold strings | only with kept text |
/// | words/hashes | uint64 [W] | ascending; with words/…: only in an index that can be searched by words |
/// | words/offsets | uint32 [W + 1] | where a word's postings begin |
/// | words/postings | uint8 | rows and frequencies, the form of `PostingList` |
/// | words/weights | float32 [W] | idf of `BM25` |
/// | hashtags/display, hashtags/normal | cold strings | the spelling shown; the normal form |
/// | hashtags/embeddings | uint8 [H, d/2] | 4 bits, layout of `FourBitRow` |
/// | hashtags/scales | float32 [H] | their steps |
/// | hashtags/mentions, hashtags/tagged | uint32 [H] | tweets with the tag as a word; those of them that carry it |
package enum IndexLayout {
  static let architecture = "assigner-index"
  static let codebooks = "search/codebooks"
  static let codes = "search/codes"
  static let residuals = "search/residuals"
  static let scales = "search/scales"
  static let listCentroids = "lists/centroids"
  static let listScales = "lists/scales"
  static let listOffsets = "lists/offsets"
  static let rowOffsets = "rows/hashtags.offsets"
  static let rowHashtags = "rows/hashtags"
  static let identifiers = "rows/identifiers"
  static let text = "rows/text"
  static let wordHashes = "words/hashes"
  static let wordOffsets = "words/offsets"
  static let wordPostings = "words/postings"
  static let wordWeights = "words/weights"
  static let display = "hashtags/display"
  static let normal = "hashtags/normal"
  static let embeddings = "hashtags/embeddings"
  static let embeddingScales = "hashtags/scales"
  static let mentions = "hashtags/mentions"
  static let tagged = "hashtags/tagged"
  /// Rows and hashtags are numbered in 32 bits.
  static let maximumCount = Int(Int32.max)
  /// Bytes that strings may have on average: what a table unpacks to is held to the number of its strings, and that to
  /// sections that are not packed.
  package static let maximumNameLength = 1 << 10
  static let maximumTextLength = 1 << 20
}
