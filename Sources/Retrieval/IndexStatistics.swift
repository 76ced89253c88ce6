// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The figures that `assigner index stats` prints.
package struct IndexStatistics: Sendable {
  package let rows: Int
  package let hashtags: Int
  /// Row-hashtag pairs.
  package let occurrences: Int
  package let dimension: Int
  package let subquantizers: Int
  package let fileSize: Int
  /// File size divided by the number of rows, in bytes; 0 without rows.
  package let bytesPerRow: Double
  /// Bytes that a search reads per row: the codes of every row, and more of each re-ranked row.
  package let codeBytes: Int
  package let rerankBytes: Int
  /// Mean cosine between a row's vector and its reconstruction from codes, or from codes and residual.
  package let reconstruction: (coarse: Double, fine: Double)
  /// The most frequent hashtags and the number of rows that carry each.
  package let top: [(hashtag: String, rows: Int)]
  package let modelFingerprint: String
  package let createdBy: String
  package let keepsText: Bool
  /// The version of the hashtags' normal form.
  package let normalForm: Int
  /// The number of lists; 0 for an index without lists.
  package let lists: Int
  /// The number of distinct words and the bytes of their postings; nil for an index without words.
  package let words: (count: Int, bytes: Int)?
}

extension CorpusIndex {
  /// Mean reconstruction cosines as the builder measured them; 0 if the index does not record them.
  var reconstruction: (coarse: Double, fine: Double) {
    func cosine(_ name: String) -> Double {
      (try? file.metadata.number("reconstruction", name)).map { min(1, max(0, $0)) } ?? 0
    }
    return (cosine("coarseCosine"), cosine("fineCosine"))
  }

  /// Figures about the index. O(H log H).
  /// - Parameter top: the number of most frequent hashtags to list; ties in byte order.
  package func statistics(top count: Int = 20) -> IndexStatistics {
    let order = frequencies.indices.sorted { (frequencies[$1], $0) < (frequencies[$0], $1) }
    return IndexStatistics(
      rows: rowCount, hashtags: hashtagCount, occurrences: rowHashtags.count, dimension: dimension,
      subquantizers: quantizer.subquantizers, fileSize: file.fileSize,
      bytesPerRow: rowCount > 0 ? Double(file.fileSize) / Double(rowCount) : 0,
      codeBytes: quantizer.subquantizers / 2, rerankBytes: dimension / 2 + 2 * MemoryLayout<Float>.size,
      reconstruction: reconstruction,
      top: order.prefix(max(0, count)).map { (display($0), frequency($0)) }, modelFingerprint: modelFingerprint,
      createdBy: (try? file.metadata.string("createdBy")) ?? "", keepsText: keepsText,
      normalForm: normalForm, lists: lists?.count ?? 0, words: words.map { ($0.wordCount, $0.postingBytes) })
  }
}
