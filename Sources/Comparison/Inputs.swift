// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

extension ModelComparison {
  static let texts = [
    "Water is rising fast near the old bridge, families on rooftops need boats.",
    "Magnitude 6.4 quake, buildings down around the square", "fire",
    "We are collecting rice, water and medicine for families who lost everything to the storm; the school in the north "
      + "of the town is open all night, bring blankets and dry clothes, and call 555 0100 before you drive.",
  ]

  /// Token sequences for a network: the texts from its tokenizer, or random token ids if the file has no tokenizer for it.
  func inputs(_ network: String, vocabularySize: Int, limit: Int) -> [[Int32]] {
    let tokenizer = (try? Tokenizer.name(of: network, in: file)).flatMap { try? Tokenizer(file: file, name: $0) }
    if let tokenizer, tokenizer.count <= vocabularySize {
      return Self.texts.map { tokenizer.framed($0, limit: limit) }
    }
    var random = PseudoRandom(seed: 1)
    return [3, 12, 40].map { length in
      (0..<min(length, limit)).map { _ in Int32(truncatingIfNeeded: random.next(below: vocabularySize)) }
    }
  }
}

/// Pseudo-random numbers that are the same on every run (Knuth's linear congruential generator).
struct PseudoRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number in 0..<bound.
  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(bound, 1)
  }
}
