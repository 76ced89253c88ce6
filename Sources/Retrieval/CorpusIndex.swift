// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Synchronization

/// A corpus of tweets, opened for searching: `IndexLayout` says what its file holds.
///
/// Vectors and row tables are used straight from the map; the hashtags' strings (a few hundred kilobytes) are inflated
/// when it is opened. Nothing in the file is trusted: whatever a search can reach is checked on opening, so a damaged file
/// gives an error there or, where the damage lies in codes, other neighbours, never a trap. Immutable, safe to share
/// between threads.
package final class CorpusIndex: Sendable {
  package let file: ContainerFile
  /// d: components of a query.
  package let dimension: Int
  /// N.
  package let rowCount: Int
  /// H.
  package let hashtagCount: Int
  /// `ModelFingerprint` of the model that made the vectors.
  package let modelFingerprint: String

  let quantizer: ProductQuantizer
  /// nil for an index that is searched as a whole.
  let lists: InvertedLists?
  /// Running numbers for rows without an identifier start here; never used twice.
  let nextNumber: Int
  /// The version of `RowName` that its rows are named by.
  let rowNames: Int
  nonisolated(unsafe) let codes: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let residuals: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let scales: UnsafeBufferPointer<Float>
  nonisolated(unsafe) let rowOffsets: UnsafeBufferPointer<UInt32>
  nonisolated(unsafe) let rowHashtags: UnsafeBufferPointer<UInt32>
  nonisolated(unsafe) let embeddings: UnsafeBufferPointer<UInt8>
  nonisolated(unsafe) let embeddingScales: UnsafeBufferPointer<Float>
  nonisolated(unsafe) let mentionCounts: UnsafeBufferPointer<UInt32>
  nonisolated(unsafe) let taggedCounts: UnsafeBufferPointer<UInt32>
  /// nil in an index that cannot be searched by words.
  let words: WordIndex?
  let displays: StringTable
  let normals: StringTable
  let lookupTable: StringLookup
  /// How many rows carry each hashtag.
  let frequencies: [UInt32]
  private let identifierTable = Mutex<StringTable?>(nil)

  /// Opens an index file. O(row-hashtag pairs + hashtags + words): a few milliseconds for 100,000 tweets.
  package convenience init(path: String) throws(ContainerError) {
    try self.init(file: ContainerFile(path: path, kind: .index))
  }

  /// Checks everything a search can reach; see `IndexReader`.
  package init(file: ContainerFile) throws(ContainerError) {
    let reader = try IndexReader(file)
    self.file = file
    dimension = reader.dimension
    rowCount = reader.rows
    hashtagCount = reader.hashtags
    modelFingerprint = reader.fingerprint
    nextNumber = reader.nextNumber
    rowNames = reader.rowNames
    quantizer = try reader.quantizer()
    lists = try InvertedLists(reader)
    let pairs = quantizer.subquantizers / 2
    codes = try file.uint8(IndexLayout.codes, shape: [ScanBlocks.count(rows: rowCount), pairs, ScanBlocks.rows])
    residuals = try file.uint8(IndexLayout.residuals, shape: [rowCount, dimension / 2])
    scales = try reader.finite(IndexLayout.scales, shape: [rowCount, 2])
    // What has a row for each hashtag comes first: their number in the metadata is then true, and what is made for each of
    // them is no more than the file has for it.
    embeddings = try file.uint8(IndexLayout.embeddings, shape: [hashtagCount, dimension / 2])
    embeddingScales = try reader.finite(IndexLayout.embeddingScales, shape: [hashtagCount])
    mentionCounts = try file.uint32(IndexLayout.mentions, shape: [hashtagCount])
    taggedCounts = try file.uint32(IndexLayout.tagged, shape: [hashtagCount])
    (rowOffsets, rowHashtags, frequencies) = try reader.rowHashtags()
    words = try WordIndex(reader)
    displays = try reader.strings(IndexLayout.display, count: hashtagCount)
    normals = try reader.strings(IndexLayout.normal, count: hashtagCount)
    guard let lookup = StringLookup(normals) else {
      throw file.failure(.value("has a string twice"), section: IndexLayout.normal)
    }
    lookupTable = lookup
  }

  /// Refuses a model whose vectors are not comparable with this index's.
  package func check(model: ContainerFile, dimension: Int) throws(RetrievalError) {
    if dimension != self.dimension { throw .otherDimension(path: file.path, index: self.dimension, model: dimension) }
    let fingerprint = ModelFingerprint.of(model)
    if fingerprint != modelFingerprint {
      throw .otherModel(path: file.path, index: modelFingerprint, model: fingerprint)
    }
  }

  /// The name of row 0 ..< rowCount (``RowName``). The strings are inflated at the first call.
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

  /// Whether the corpus text was kept.
  package var keepsText: Bool { file.contains(IndexLayout.text) }

  /// All texts, nil where none were kept. Inflates them all: keep the result.
  package func texts() throws(ContainerError) -> StringTable? {
    guard keepsText else { return nil }
    return try IndexReader(file).strings(IndexLayout.text, count: rowCount, length: IndexLayout.maximumTextLength)
  }
}
