import ModelFile

/// What `assigner index stats` shows.
public struct IndexStatistics: Sendable {
  public let rows: Int
  public let hashtags: Int
  /// Row-hashtag pairs.
  public let occurrences: Int
  public let dimension: Int
  public let subquantizers: Int
  public let fileSize: Int
  /// Bytes of the file for each row, everything included; 0 without rows.
  public let bytesPerRow: Double
  /// Bytes that a search reads of a row: codes for all rows, the rest for re-ranked ones.
  public let codeBytes: Int
  public let rerankBytes: Int
  /// Mean cosine of a row's vector with what its codes, or codes and residual, make of it.
  public let reconstruction: (coarse: Double, fine: Double)
  /// The most frequent hashtags and how many rows carry them.
  public let top: [(hashtag: String, rows: Int)]
  public let modelFingerprint: String
  public let createdBy: String
  public let keepsText: Bool
  /// Lists that the rows lie in; 0 for an index that is searched as a whole.
  public let lists: Int
  /// Different words that the index is searched by, and the bytes of their postings; nil where it is not.
  public let words: (count: Int, bytes: Int)?
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
  public func statistics(top count: Int = 20) -> IndexStatistics {
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
