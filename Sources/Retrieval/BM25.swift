// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Okapi BM25 (Robertson and Walker, SIGIR 1994).
///
/// The constants are those of `BM25Okapi` in rank_bm25. It is gensim's `BM25`, which RIGHT uses.
///
///     score(q, d) = Σ_{w in q} idf(w) f (k1 + 1) / (f + k1 (1 − b + b |d| / mean |d|))
///     idf(w) = ln(N − n + 0.5) − ln(n + 0.5); a negative idf becomes ε × the mean idf of all words
///
/// f is the frequency of w in d, n the number of rows with w, |d| the number of words in d. A word that is repeated in q
/// counts each time. If the mean idf is negative too (a handful of rows with the same words), such words score 0 instead of
/// lowering a row's score. This is the only difference from the reference.
package enum BM25 {
  package static let k1: Float = 1.5
  package static let b: Float = 0.75
  package static let epsilon = 0.25

  /// The idf of every word.
  /// - Parameter frequencies: n, the rows with the word, at least 1 and at most `rows`.
  static func weights(frequencies: [Int], rows: Int) -> [Float] {
    let raw = frequencies.map { DeterministicMath.log(Double(rows - $0) + 0.5) - DeterministicMath.log(Double($0) + 0.5) }
    let mean = raw.isEmpty ? 0 : raw.reduce(0, +) / Double(raw.count)
    let least = max(0, epsilon * mean)
    return raw.map { Float($0 < 0 ? least : $0) }
  }

  /// k1 (1 − b + b |d| / mean |d|) of every row. O(N).
  static func lengthNorms(_ lengths: [UInt32]) -> [Float] {
    let total = lengths.reduce(0) { $0 + Double($1) }
    let mean = lengths.isEmpty ? 0 : Float(total / Double(lengths.count))
    return lengths.map { k1 * (1 - b + b * (mean > 0 ? Float($0) / mean : 1)) }
  }
}
