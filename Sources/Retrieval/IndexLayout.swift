// SPDX-License-Identifier: Apache-2.0
/// The sections of an index file.
///
/// N rows of d components, M sub-quantisers, H hashtags, P row-hashtag pairs, W distinct words, L lists:
///
/// | section | type, shape | content |
/// | --- | --- | --- |
/// | search/codebooks | float32 [M, 16, d/M] | centroids |
/// | search/codes | uint8 [⌈N/32⌉, M/2, 32] | codes, in the blocks of `assigner_pq_scan` |
/// | search/residuals | uint8 [N, d/2] | 4-bit x − x̂, layout of `FourBitRow` |
/// | search/scales | float32 [N, 2] | step of the residual; factor that makes a row's product with itself exact |
/// | lists/centroids | uint8 [L, d/2] | 4-bit centroids, layout of `FourBitRow`; lists/…: only with lists |
/// | lists/scales | float32 [L] | scales of the centroids |
/// | lists/offsets | uint32 [L + 1] | first row of each list |
/// | rows/hashtags.offsets | uint32 [N + 1] | first pair of each row |
/// | rows/hashtags | uint32 [P] | hashtag numbers, ascending within a row |
/// | rows/identifiers | cold strings | names of the rows; absent if every row has the made name of its number |
/// | rows/text | cold strings | texts of the rows; only if the index keeps text |
/// | words/hashes | uint64 [W] | ascending; words/…: only with words |
/// | words/offsets | uint32 [W + 1] | first byte of each word's postings |
/// | words/postings | uint8 | rows and frequencies, encoded by `PostingList` |
/// | words/weights | float32 [W] | idf of `BM25` |
/// | hashtags/display, hashtags/normal | cold strings | the displayed spelling; the normal form |
/// | hashtags/embeddings | uint8 [H, d/2] | 4-bit embeddings, layout of `FourBitRow` |
/// | hashtags/scales | float32 [H] | scales of the embeddings |
/// | hashtags/mentions, hashtags/tagged | uint32 [H] | tweets that contain the hashtag as a word; those of them that carry it |
/// | affixes/display | cold strings | words that people join to names in hashtags, those of most names first; affixes/…: optional |
/// | affixes/names | uint32 [2 A] | for each, the names that it stands before, and after; see `Affix` |
package enum IndexLayout {
  static let architecture = "assigner-index"
  /// The metadata's member for the version of the hashtags' normal form. A file without it has version 1.
  static let normalForm = "normal_form"
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
  static let affixes = "affixes/display"
  static let affixNames = "affixes/names"
  /// Row and hashtag numbers have 32 bits.
  static let maximumCount = Int(Int32.max)
  /// The limit on the average length of strings, in bytes.
  ///
  /// It bounds the size of an unpacked table by the number of its strings. Sections that are not compressed prove that
  /// number.
  package static let maximumNameLength = 1 << 10
  static let maximumTextLength = 1 << 20
}
