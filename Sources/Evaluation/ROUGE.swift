// SPDX-License-Identifier: Apache-2.0
/// The parts of ROUGE (Lin, 2004): units of two word sequences, and the F of their overlap.
enum ROUGE {
  /// An n-gram or a skip-bigram.
  typealias Unit = [String]

  /// The n-grams with their counts.
  static func ngrams(_ words: [String], _ n: Int) -> [Unit: Int] {
    guard words.count >= n else { return [:] }
    return (0...words.count - n).reduce(into: [:]) { $0[Array(words[$1..<$1 + n]), default: 0] += 1 }
  }

  /// The n-grams, each counted once.
  static func distinct(_ words: [String], _ n: Int) -> [Unit: Int] { ngrams(words, n).mapValues { _ in 1 } }

  /// The units of ROUGE-SU4 as ROUGE-1.5.5 counts them (`-2 4 -u`): pairs of words with at most four words between, and the words.
  ///
  /// It leaves out the last word, so a single word has no units and scores 0. MHG's table shows it: LDA, whose hashtags are single
  /// words, has no ROUGE-SU4 there.
  static func skipBigrams(_ words: [String]) -> [Unit: Int] {
    var units: [Unit: Int] = [:]
    for first in words.indices.dropLast() {
      units[[words[first]], default: 0] += 1
      for second in words.indices[(first + 1)...].prefix(5) { units[[words[first], words[second]], default: 0] += 1 }
    }
    return units
  }

  /// The F of clipped counts; 0 if nothing matches.
  static func f(_ predicted: [Unit: Int], _ gold: [Unit: Int]) -> Double {
    let hits = predicted.reduce(0) { $0 + min($1.value, gold[$1.key] ?? 0) }
    return f(hits: hits, predicted: predicted.values.reduce(0, +), gold: gold.values.reduce(0, +))
  }

  /// 2pr / (p + r) with p = hits / predicted and r = hits / gold.
  static func f(hits: Int, predicted: Int, gold: Int) -> Double {
    hits == 0 ? 0 : 2 * Double(hits) / Double(predicted + gold)
  }

  /// The longest common subsequence; of several, the one that the package `rouge` finds. O(nm); it reads at most 1,000
  /// words of each, so that a damaged row cannot take the memory.
  static func longestCommonSubsequence(_ first: [String], _ second: [String]) -> [String] {
    let (a, b) = (Array(first.prefix(1000)), Array(second.prefix(1000)))
    var lengths = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in a.indices {
      for j in b.indices {
        lengths[i + 1][j + 1] = a[i] == b[j] ? lengths[i][j] + 1 : max(lengths[i][j + 1], lengths[i + 1][j])
      }
    }
    var (i, j) = (a.count, b.count)
    var words: [String] = []
    while i > 0, j > 0 {
      if a[i - 1] == b[j - 1] {
        words.append(a[i - 1])
        (i, j) = (i - 1, j - 1)
      } else if lengths[i - 1][j] > lengths[i][j - 1] {
        i -= 1
      } else {
        j -= 1
      }
    }
    return words.reversed()
  }
}
