// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension CorpusIndexBuilder {
  /// A row's words as the index stores them: hashes in ascending order, each with its frequency.
  static func counted(_ words: [String]) -> [RowWord] {
    var counts: [UInt64: Int] = [:]
    for word in words { counts[WordIndex.hash(word), default: 0] += 1 }
    return counts.map { RowWord(hash: $0, frequency: min($1, PostingList.maximumFrequency)) }.sorted { $0.hash < $1.hash }
  }

  /// Adds the inverted index of the given rows. O(words log words).
  func addWords(of live: [Int], to writer: inout ContainerWriter) throws(ContainerError) {
    var entries: [(hash: UInt64, row: Int, frequency: Int)] = []
    entries.reserveCapacity(live.reduce(0) { $0 + rowWords[$1].count })
    for (row, old) in live.enumerated() {
      for word in rowWords[old] { entries.append((word.hash, row, word.frequency)) }
    }
    entries.sort { ($0.hash, $0.row) < ($1.hash, $1.row) }
    var hashes: [UInt64] = []
    var offsets: [UInt32] = [0]
    var frequencies: [Int] = []
    var bytes: [UInt8] = []
    var start = 0
    while start < entries.count {
      let hash = entries[start].hash
      let end = entries[start...].firstIndex { $0.hash != hash } ?? entries.count
      PostingList.append(
        entries[start..<end].lazy.map { PostingList.Posting(row: $0.row, frequency: $0.frequency) }, to: &bytes)
      guard let offset = UInt32(exactly: bytes.count) else {
        throw ContainerError(path: "", section: IndexLayout.wordPostings, rule: .sizeOverflow)
      }
      hashes.append(hash)
      offsets.append(offset)
      frequencies.append(end - start)
      start = end
    }
    try writer.add(IndexLayout.wordHashes, shape: [hashes.count], elements: hashes)
    try writer.add(IndexLayout.wordOffsets, shape: [offsets.count], elements: offsets)
    try writer.add(IndexLayout.wordPostings, shape: [bytes.count], elements: bytes)
    try writer.add(
      IndexLayout.wordWeights, shape: [hashes.count],
      elements: BM25.weights(frequencies: frequencies, rows: live.count))
  }
}
