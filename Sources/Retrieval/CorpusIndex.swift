// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Synchronization
import Text

/// A corpus of tweets, opened for searching. `IndexLayout` describes its file.
///
/// Vectors and row tables are read straight from the memory map. The hashtags' strings (a few hundred kilobytes) are
/// decompressed on opening. The file is not trusted: opening checks everything that a search can reach. A damaged file
/// therefore gives an error on opening or, if only codes are damaged, other neighbours, but never a trap. The index is
/// immutable and safe to share between threads.
package final class CorpusIndex: Sendable {
  package let file: ContainerFile
  /// d, the number of components of a query.
  package let dimension: Int
  /// N.
  package let rowCount: Int
  /// H.
  package let hashtagCount: Int
  /// The `ModelFingerprint` of the model that computed the vectors.
  package let modelFingerprint: String

  let quantizer: ProductQuantizer
  /// Nil for an index without lists.
  let lists: InvertedLists?
  /// The next running number for a row without an identifier. No number is used twice.
  let nextNumber: Int
  /// The version of `RowName` that named the rows.
  let rowNames: Int
  /// The version of the hashtags' normal form.
  package let normalForm: Int
  nonisolated(unsafe) let codes: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let residuals: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let scales: UnsafeBufferPointer<Float>
  nonisolated(unsafe) let rowOffsets: UnsafeBufferPointer<UInt32>
  nonisolated(unsafe) let rowHashtags: UnsafeBufferPointer<UInt32>
  nonisolated(unsafe) let embeddings: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let embeddingScales: UnsafeBufferPointer<Float>
  nonisolated(unsafe) let mentionCounts: UnsafeBufferPointer<UInt32>
  nonisolated(unsafe) let taggedCounts: UnsafeBufferPointer<UInt32>
  /// Words that people join to names in hashtags, those of most names first; none for an index of an older version.
  package let affixes: [Affix]
  /// Nil for an index without words.
  let words: WordIndex?
  let displays: StringTable
  let normals: StringTable
  let lookupTable: StringLookup
  /// The number of rows that carry each hashtag.
  let frequencies: [UInt32]
  private let identifierTable = Mutex<StringTable?>(nil)

  /// Opens an index file. O(row-hashtag pairs + hashtags + words): a few milliseconds for 100,000 tweets.
  package convenience init(path: String) throws(ContainerError) {
    try self.init(file: ContainerFile(path: path, kind: .index))
  }

  /// Checks everything that a search can reach; see `IndexReader`.
  package init(file: ContainerFile) throws(ContainerError) {
    let reader = try IndexReader(file)
    self.file = file
    dimension = reader.dimension
    rowCount = reader.rows
    hashtagCount = reader.hashtags
    modelFingerprint = reader.fingerprint
    nextNumber = reader.nextNumber
    rowNames = reader.rowNames
    normalForm = reader.normalForm
    quantizer = try reader.quantizer()
    lists = try InvertedLists(reader)
    let pairs = quantizer.subquantizers / 2
    codes = try file.uint8(IndexLayout.codes, shape: [ScanBlocks.count(rows: rowCount), pairs, ScanBlocks.rows])
    residuals = try file.uint8(IndexLayout.residuals, shape: [rowCount, dimension / 2])
    scales = try reader.finite(IndexLayout.scales, shape: [rowCount, 2])
    // The sections with one row per hashtag come first. They prove the hashtag count of the metadata, so later allocations
    // per hashtag are never larger than the file justifies.
    embeddings = try file.uint8(IndexLayout.embeddings, shape: [hashtagCount, dimension / 2])
    embeddingScales = try reader.finite(IndexLayout.embeddingScales, shape: [hashtagCount])
    mentionCounts = try file.uint32(IndexLayout.mentions, shape: [hashtagCount])
    taggedCounts = try file.uint32(IndexLayout.tagged, shape: [hashtagCount])
    (rowOffsets, rowHashtags, frequencies) = try reader.rowHashtags()
    affixes = try reader.affixes()
    words = try WordIndex(reader)
    displays = try reader.strings(IndexLayout.display, count: hashtagCount)
    normals = try reader.strings(IndexLayout.normal, count: hashtagCount)
    guard let lookup = StringLookup(normals) else {
      throw file.failure(.value("has a string twice"), section: IndexLayout.normal)
    }
    lookupTable = lookup
  }

  /// Throws unless the model's vectors are comparable with those of this index.
  package func check(model: ContainerFile, dimension: Int) throws(RetrievalError) {
    if dimension != self.dimension { throw .otherDimension(path: file.path, index: self.dimension, model: dimension) }
    let fingerprint = ModelFingerprint.of(model)
    if fingerprint != modelFingerprint {
      throw .otherModel(path: file.path, index: modelFingerprint, model: fingerprint)
    }
  }

  /// Throws unless the hashtags have this program's normal form. Nothing may compare hashtags of two versions.
  package func checkNormalForm() throws(RetrievalError) {
    if normalForm != HashtagNormalForm.version { throw .oldNormalForm(path: file.path, version: normalForm) }
  }

  /// The name (``RowName``) of a row, 0 ..< rowCount. The first call decompresses the names.
  package func identifier(ofRow row: Int) throws(ContainerError) -> String {
    guard file.contains(IndexLayout.identifiers) else {
      return rowNames == RowName.version ? RowName.made(row) : String(row)
    }
    return try identifiers()[row]
  }

  func identifiers() throws(ContainerError) -> StringTable {
    if let table = identifierTable.withLock({ $0 }) { return table }
    let table = try IndexReader(file).strings(IndexLayout.identifiers, count: rowCount)
    identifierTable.withLock { $0 = table }
    return table
  }

  /// Whether the index keeps the corpus text.
  package var keepsText: Bool { file.contains(IndexLayout.text) }

  /// All texts, or nil if the index keeps none. Each call decompresses all of them: keep the result.
  package func texts() throws(ContainerError) -> StringTable? {
    guard keepsText else { return nil }
    return try IndexReader(file).strings(IndexLayout.text, count: rowCount, length: IndexLayout.maximumTextLength)
  }
}
