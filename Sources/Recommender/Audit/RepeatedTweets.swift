// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// How many of a hashtag's tweets are not copies of one another. Copies come from one campaign or one program, whoever posted them;
/// an index knows no authors.
struct RepeatedTweets {
  /// Tweets whose embeddings have this cosine say the same in nearly the same words.
  static let leastCosine: Float = 0.95
  /// Fewer tweets show nothing.
  static let leastRows = 3
  /// Of more tweets as many are looked at, evenly spread.
  static let mostRows = 64

  let index: CorpusIndex
  /// The rows of each hashtag, ascending.
  let rows: [[Int32]]

  init(_ index: CorpusIndex) {
    self.index = index
    var rows = [[Int32]](repeating: [], count: index.hashtagCount)
    for row in 0..<index.rowCount {
      for hashtag in index.hashtags(ofRow: row) { rows[hashtag].append(Int32(row)) }
    }
    self.rows = rows
  }

  /// The number of tweets that are looked at, and of those that are no copy of an earlier one; nil for a rare hashtag. O(64² d).
  func distinct(_ hashtag: Int) -> (looked: Int, distinct: Int)? {
    let rows = rows[hashtag]
    guard rows.count >= Self.leastRows else { return nil }
    let looked = min(rows.count, Self.mostRows)
    var leaders: [[Float]] = []
    for place in 0..<looked {
      let vector = unit(index.vector(ofRow: Int(rows[place * rows.count / looked])))
      if !leaders.contains(where: { product($0, vector) >= Self.leastCosine }) { leaders.append(vector) }
    }
    return (looked, leaders.count)
  }

  private func unit(_ vector: [Float]) -> [Float] {
    let square = product(vector, vector)
    return square > 0 ? vector.map { $0 / square.squareRoot() } : vector
  }

  /// In four sums, which the processor adds at once: the same order on every machine.
  private func product(_ a: [Float], _ b: [Float]) -> Float {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var sums = SIMD8<Float>()
        var place = 0
        while place + 8 <= min(a.count, b.count) {
          for lane in 0..<8 { sums[lane] += a[place + lane] * b[place + lane] }
          place += 8
        }
        while place < min(a.count, b.count) {
          sums[0] += a[place] * b[place]
          place += 1
        }
        return sums.sum()
      }
    }
  }
}
