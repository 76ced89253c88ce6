// SPDX-License-Identifier: Apache-2.0

import Retrieval
import TestSupport

/// An index of a few hand-made vectors, written to a file and opened.
enum SmallIndex {
  /// Rows of a direction, hashtags and the tweet's words. Of the 16 dimensions, only the first four matter.
  static func make(_ rows: [(vector: [Float], tags: [String], words: [String])], affixes: [Affix] = []) throws -> CorpusIndex {
    let folder = TemporaryFolder()
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 16, modelFingerprint: "test"))
    let forms = rows.map { row in row.tags.map { HashtagForm(display: $0, normal: $0.lowercased()) } }
    for (row, forms) in zip(rows, forms) { try builder.add(IndexRow(vector: unit(row.vector), hashtags: forms)) }
    for (number, hashtag) in builder.hashtagsWithoutEmbedding.enumerated() {
      try builder.setEmbedding(unit(number % 2 == 0 ? [1] : [0, 1]), of: hashtag)
    }
    for (row, forms) in zip(rows, forms) { builder.recordMentions(words: row.words, carried: forms.map(\.normal)) }
    builder.affixes = affixes
    let path = folder.file("small.index")
    try builder.write(to: path)
    // The memory map outlives the file's name.
    return try CorpusIndex(path: path)
  }

  /// Sixteen components of length 1.
  static func unit(_ head: [Float]) -> [Float] {
    let all = head + [Float](repeating: 0, count: 16 - head.count)
    let length = all.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return all.map { $0 / length }
  }
}
