// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The inverted index of an index file: the rows of each word, for BM25.
///
/// The file stores only 64-bit hashes of the words, so it contains no text. Among 100,000 distinct words, two share a hash
/// with a probability of 3e-10. A hash does not hide a word from somebody who guesses it, but the word order is lost.
struct WordIndex: Sendable {
  let rowCount: Int
  /// XXH64 of each word's UTF-8, ascending.
  private nonisolated(unsafe) let hashes: UnsafeBufferPointer<UInt64>
  /// The first byte of each word's postings; `wordCount` + 1 values.
  private nonisolated(unsafe) let offsets: UnsafeBufferPointer<UInt32>
  private nonisolated(unsafe) let postings: UnsafeBufferPointer<UInt8>
  /// idf.
  private nonisolated(unsafe) let weights: UnsafeBufferPointer<Float>
  private let lengthNorms: [Float]

  var wordCount: Int { hashes.count }
  var postingBytes: Int { postings.count }

  /// Nil if the file has no words. Reads and checks every posting, because the file is not trusted. O(bytes).
  init?(_ reader: IndexReader) throws(ContainerError) {
    let file = reader.file
    guard file.contains(IndexLayout.wordHashes) else { return nil }
    rowCount = reader.rows
    hashes = try file.uint64(IndexLayout.wordHashes)
    guard hashes.count <= IndexLayout.maximumCount else {
      throw file.failure(.value("has \(hashes.count) words, above \(IndexLayout.maximumCount)"), section: IndexLayout.wordHashes)
    }
    offsets = try file.uint32(IndexLayout.wordOffsets, shape: [hashes.count + 1])
    postings = try file.uint8(IndexLayout.wordPostings)
    weights = try reader.finite(IndexLayout.wordWeights, shape: [hashes.count])
    if let place = weights.firstIndex(where: { $0 < 0 }) {
      throw file.failure(.value("element \(place) is negative"), section: IndexLayout.wordWeights)
    }
    for word in hashes.indices.dropFirst() where hashes[word] <= hashes[word - 1] {
      throw file.failure(.value("does not ascend at word \(word)"), section: IndexLayout.wordHashes)
    }
    guard offsets[0] == 0, Int(offsets[hashes.count]) == postings.count else {
      throw file.failure(
        .value("runs from \(offsets[0]) to \(offsets[hashes.count]), not from 0 to \(postings.count)"),
        section: IndexLayout.wordOffsets)
    }
    let lengths = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: reader.rows)
    lengths.initialize(repeating: 0)
    defer { lengths.deallocate() }
    for word in hashes.indices {
      guard offsets[word] < offsets[word + 1] else {
        throw file.failure(.value("does not ascend at word \(word)"), section: IndexLayout.wordOffsets)
      }
      do {
        try PostingList.check(Self.list(word, offsets, postings), lengths: lengths)
      } catch {
        throw file.failure(.value("word \(word): \(error.rule)"), section: IndexLayout.wordPostings)
      }
    }
    lengthNorms = BM25.lengthNorms(Array(lengths))
  }

  private static func list(
    _ word: Int, _ offsets: UnsafeBufferPointer<UInt32>, _ postings: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: postings[Int(offsets[word])..<Int(offsets[word + 1])])
  }

  /// A word's key.
  static func hash(_ word: String) -> UInt64 { XXH64.hash(Array(word.utf8)) }

  /// The `count` rows with the largest scores, best first; ties go to the lower row. Rows that score 0 are left out. Term
  /// at a time: O(postings of the query's words + N).
  ///
  /// - Parameter words: the weight of each word; a word's frequency in the query, where that is its weight.
  func search(_ words: [String: Float], count: Int, excluding: Set<Int>) -> [(row: Int, score: Float)] {
    var counts: [Int: Float] = [:]
    for (word, weight) in words {
      if let number = find(Self.hash(word)) { counts[number] = weight }
    }
    guard count > 0, !counts.isEmpty else { return [] }
    var best = TopRows<UInt32>(capacity: min(count, rowCount))
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rowCount) { scores in
      scores.initialize(repeating: 0)
      // Add words in ascending order: float sums depend on the order.
      for (word, times) in counts.sorted(by: { $0.key < $1.key }) { add(word, times: times, to: scores) }
      var least: Float = 0
      for row in 0..<rowCount where scores[row] > least {
        if !excluding.isEmpty, excluding.contains(row) { continue }
        // Positive floats have the same order as their bits.
        best.insert(sum: scores[row].bitPattern, row: row)
        // Rows ascend and ties go to the lower row, so a score that does not exceed the smallest kept one cannot enter.
        least = Float(bitPattern: best.threshold)
      }
    }
    return best.entries().map { (row: $0.row, score: Float(bitPattern: $0.sum)) }
  }

  /// Adds a word's contribution to the score of every row.
  private func add(_ word: Int, times: Float, to scores: UnsafeMutableBufferPointer<Float>) {
    let weight = times * weights[word]
    if weight == 0 { return }
    lengthNorms.withUnsafeBufferPointer { norms in
      PostingList.forEach(Self.list(word, offsets, postings)) { row, frequency in
        // Opening the file checked the list, but the file may have changed since.
        guard row < rowCount else { return }
        let f = Float(frequency)
        scores[row] += weight * (f * (BM25.k1 + 1) / (f + norms[row]))
      }
    }
  }

  /// The number of the word with this hash. O(log words).
  private func find(_ hash: UInt64) -> Int? {
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return low < hashes.count && hashes[low] == hash ? low : nil
  }

  /// The words of every row, ascending by hash: the words of its `IndexRow` without their order. O(postings).
  func rows() -> [[RowWord]] {
    var rows = [[RowWord]](repeating: [], count: rowCount)
    for word in hashes.indices {
      PostingList.forEach(Self.list(word, offsets, postings)) { row, frequency in
        rows[row].append(RowWord(hash: hashes[word], frequency: frequency))
      }
    }
    return rows
  }
}

/// A word of a row, known by its hash, and its frequency.
package struct RowWord: Sendable, Equatable {
  package var hash: UInt64
  package var frequency: Int

  package init(hash: UInt64, frequency: Int) {
    self.hash = hash
    self.frequency = frequency
  }
}
