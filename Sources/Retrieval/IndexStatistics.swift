// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// What `assigner index stats` shows.
package struct IndexStatistics: Sendable {
  package let rows: Int
  package let hashtags: Int
  /// Row-hashtag pairs.
  package let occurrences: Int
  package let dimension: Int
  package let subquantizers: Int
  package let fileSize: Int
  /// Bytes of the file for each row, everything included; 0 without rows.
  package let bytesPerRow: Double
  /// Bytes that a search reads of a row: codes for all rows, the rest for re-ranked ones.
  package let codeBytes: Int
  package let rerankBytes: Int
  /// Mean cosine of a row's vector with what its codes, or codes and residual, make of it.
  package let reconstruction: (coarse: Double, fine: Double)
  /// The most frequent hashtags and how many rows carry them.
  package let top: [(hashtag: String, rows: Int)]
  package let modelFingerprint: String
  package let createdBy: String
  package let keepsText: Bool
  /// Lists that the rows lie in; 0 for an index that is searched as a whole.
  package let lists: Int
  /// Different words that the index is searched by, and the bytes of their postings; nil where it is not.
  package let words: (count: Int, bytes: Int)?
}

extension CorpusIndex {
  /// Mean reconstruction cosines as the builder measured them; 0 where an index does not say.
  var reconstruction: (coarse: Double, fine: Double) {
    func cosine(_ name: String) -> Double {
      (try? file.metadata.number("reconstruction", name)).map { min(1, max(0, $0)) } ?? 0
    }
    return (cosine("coarseCosine"), cosine("fineCosine"))
  }

  /// Figures about the index. O(H log H).
  /// - Parameter top: how many of the most frequent hashtags to name; equal ones in byte order.
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
      lists: lists?.count ?? 0, words: words.map { ($0.wordCount, $0.postingBytes) })
  }
}
