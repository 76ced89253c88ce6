// SPDX-License-Identifier: Apache-2.0

import Tensors

@testable import Decoding

/// Made-up scores that depend on the whole sequence; `allowed` tokens are possible, the others are not.
struct ToyScorer: NextTokenScorer {
  let vocabularySize: Int
  var maximumSteps = 64
  var allowed: Set<Int32>?
  var seed: UInt64 = 1
  var isNumber = true
  private var sequences: [[Int32]] = [[]]
  private(set) var steps = 0

  init(vocabularySize: Int, allowed: Set<Int32>? = nil, seed: UInt64 = 1) {
    self.vocabularySize = vocabularySize
    self.allowed = allowed
    self.seed = seed
  }

  mutating func score(
    _ tokens: UnsafeBufferPointer<Int32>, parents: UnsafeBufferPointer<Int32>, into logits: FloatView, arena: Arena
  ) {
    steps += 1
    sequences = zip(tokens, parents).map { sequences[Int($1)] + [$0] }
    for (row, sequence) in sequences.enumerated() {
      for (token, value) in self.logits(sequence).enumerated() { logits[row, token] = value }
    }
  }

  func logits(_ sequence: [Int32]) -> [Float] {
    var state = sequence.reduce(seed) { ($0 ^ UInt64($1 &+ 7)) &* 0x100_0000_01B3 }
    return (0..<vocabularySize).map { token in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      if let allowed, !allowed.contains(Int32(token)) { return -.infinity }
      return isNumber ? Float(Int32(truncatingIfNeeded: state >> 32)) / 0x1p30 : .nan
    }
  }

  /// log p of every token after a sequence.
  func logProbabilities(_ sequence: [Int32]) -> [Double] {
    let values = logits(sequence).map(Double.init)
    let largest = values.reduce(-.infinity, max)
    let sum = values.reduce(0) { $0 + DeterministicMath.exp(max($1 - largest, -700)) }
    return values.map { $0 - largest - DeterministicMath.log(sum) }
  }

  func search(
    _ options: BeamOptions, control: ControlTokens = ControlTokens(start: 0, end: 2)
  ) throws -> [DecodedSequence] {
    var copy = self
    let size = BeamSearch.scratch(vocabularySize: vocabularySize, options: options, steps: maximumSteps)
    return try BeamSearch.run(&copy, options: options, control: control, arena: Arena(capacity: size))
  }
}
