// SPDX-License-Identifier: Apache-2.0

import Tensors

/// How often words are said now, against how often they were said before: of every line, with hashtags or without.
struct WordBursts {
  private let decay: Decay
  private var counts: [UInt32: DecayedCount] = [:]
  private var total = DecayedCount()
  /// Lines since words that nobody says any more were last left out.
  private var unswept = 0
  private static let sweepInterval = 4096
  /// A word said so much less than once is forgotten.
  private static let least = 1.0 / 1024
  /// So much of all lines counts as said anyway: a word's first line is no burst.
  private static let smoothing = 0.01

  init(_ decay: Decay) { self.decay = decay }

  /// For each word, ln of its share of the lines of late over its share of the lines before, both a little smoothed. Words
  /// that are said as ever, or never, have 0 and are left out.
  func bursts(of words: [Lesson.Word], at tick: Double) -> [(word: UInt32, burst: Double)] {
    let all = total.values(at: tick, decay)
    guard all.slow > 0, all.fast > 0 else { return [] }
    return words.compactMap { word in
      guard let count = counts[word.key] else { return nil }
      let said = count.values(at: tick, decay)
      let burst = DeterministicMath.log(
        (said.fast / all.fast + Self.smoothing) / (said.slow / all.slow + Self.smoothing))
      return burst != 0 ? (word.key, burst) : nil
    }
  }

  mutating func add(_ words: [UInt32], at tick: Double) {
    total.add(at: tick, decay)
    for word in words { counts[word, default: DecayedCount()].add(at: tick, decay) }
    unswept += 1
    if unswept == Self.sweepInterval {
      unswept = 0
      counts = counts.filter { $0.value.values(at: tick, decay).slow >= Self.least }
    }
  }
}
