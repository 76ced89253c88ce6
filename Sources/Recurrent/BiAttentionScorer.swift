// SPDX-License-Identifier: Apache-2.0

import Decoding
import Tensors

/// The decoder over one source, one word of each beam at a time (Microblog Hashtag Generation, Eq. 8-10).
package struct BiAttentionScorer: NextTokenScorer {
  private let network: BiAttentionNetwork
  /// v [T, d], and W_att v.
  private let memory, keys: FloatView
  /// What each row of v is when it is copied.
  private let copies: [Int32]
  private let extras: Int
  /// [beams, d]: the states of the sequences; below, those of the step before.
  private var states, lastStates: FloatView

  package let maximumSteps: Int
  package var vocabularySize: Int { network.configuration.outputs + extras }

  /// - Parameter first: s_0 [1, d].
  init(
    network: BiAttentionNetwork, memory: FloatView, copies: [Int32], extras: Int, first: FloatView, options: BeamOptions,
    arena: Arena
  ) throws(TensorError) {
    self.network = network
    self.memory = memory
    self.copies = copies
    self.extras = extras
    maximumSteps = network.configuration.longest + 1
    let d = memory.columns
    states = try arena.floats(rows: options.width, columns: d)
    lastStates = try arena.floats(rows: options.width, columns: d)
    states.row(0).update(from: first.base, count: d)
    keys = try arena.floats(rows: memory.rows, columns: d)
    try network.decoder.attention.apply(memory, into: keys, arena: arena)
  }

  package mutating func score(
    _ tokens: UnsafeBufferPointer<Int32>, parents: UnsafeBufferPointer<Int32>, into logits: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let (decoder, n, d) = (network.decoder, tokens.count, memory.columns)
    let s = try advance(tokens, parents, arena: arena)
    let weights = try arena.floats(rows: n, columns: memory.rows)
    DotAttention.score(s, keys, into: weights)
    DotAttention.normalize(weights)
    let both = try arena.floats(rows: n, columns: 2 * d)
    for row in 0..<n { both.row(row).update(from: s.row(row), count: d) }
    DotAttention.mix(weights, memory, into: both, column: d)
    let scores = extras == 0 ? logits : try arena.floats(rows: n, columns: network.configuration.outputs)
    try decoder.output.apply(both, into: scores, arena: arena)
    if let copy = decoder.copy {
      let gates = try arena.floats(rows: n, columns: 1)
      try copy.apply(both, into: gates, arena: arena)
      let share = try arena.floats(rows: 1, columns: vocabularySize)
      for row in 0..<n {
        mixCopies(scores.row(row), gates.row(row)[0], weights.row(row), share, into: logits.row(row))
      }
    }
    for row in 0..<n {
      for word in BiAttentionConfiguration.unwritten { logits[row, Int(word)] = -.infinity }
    }
  }

  /// The states s_t [n, d] of the sequences after their newest words.
  private mutating func advance(
    _ tokens: UnsafeBufferPointer<Int32>, _ parents: UnsafeBufferPointer<Int32>, arena: Arena
  ) throws(TensorError) -> FloatView {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let (gru, d) = (network.decoder.gru, memory.columns)
    swap(&states, &lastStates)
    let words = try arena.floats(rows: tokens.count, columns: network.configuration.embeddingSize)
    for (row, token) in tokens.enumerated() {
      let isOutput = Int(token) < network.configuration.outputs
      // A copied word that the output layer lacks is unknown to the decoder, as in training.
      network.embedding.copy(Int(isOutput ? token : BiAttentionConfiguration.Control.unknown), to: words.row(row))
      states.row(row).update(from: lastStates.row(Int(parents[row])), count: d)
    }
    let products = try arena.floats(rows: tokens.count, columns: 3 * d)
    try gru.input.apply(words, into: products, arena: arena)
    let s = states.rows(from: 0, count: tokens.count)
    try gru.step(s, products, arena: arena)
    return s
  }

  /// Writes log((1 - g) p(written) + g p(copied)) for each output and extra word, g = σ(gate).
  ///
  /// - Parameters:
  ///   - scores: the logits of the output words.
  ///   - weights: the attention over the rows of v.
  ///   - share: scratch, the attention that each word gets.
  private func mixCopies(
    _ scores: UnsafeMutablePointer<Float>, _ gate: Float, _ weights: UnsafeMutablePointer<Float>, _ share: FloatView,
    into logits: UnsafeMutablePointer<Float>
  ) {
    let outputs = network.configuration.outputs
    let largest = scores[Kernels.argmax(scores, count: outputs)]
    share.base.update(from: scores, count: outputs)
    let sum = Double(Kernels.softmax(share.base, count: outputs))
    share.fill(0)
    for (row, word) in copies.enumerated() { share.base[Int(word)] += weights[row] }
    let (written, copied) = (-Self.softplus(Double(gate)), -Self.softplus(-Double(gate)))
    let offset = written - Double(largest) - DeterministicMath.log(max(sum, 1))
    for word in 0..<vocabularySize {
      let own = word < outputs ? Double(scores[word]) + offset : -.infinity
      logits[word] = Float(own)
      // Words without attention keep their own probability; so do all if the attention is no number.
      guard share.base[word] >= 1e-20 else { continue }
      logits[word] = Float(Self.logSum(own, DeterministicMath.log(Double(share.base[word])) + copied))
    }
  }

  /// log(1 + e^x); a finite number for any x.
  static func softplus(_ x: Double) -> Double { logSum(x.isNaN ? 0 : min(max(x, -1000), 1000), 0) }

  /// log(e^x + e^y). The larger one if they are far apart, or if one is no number.
  static func logSum(_ x: Double, _ y: Double) -> Double {
    let difference = -abs(x - y)
    guard difference > -700 else { return max(x, y) }
    return max(x, y) + DeterministicMath.log(1 + DeterministicMath.exp(difference))
  }

  /// Arena bytes that a scorer keeps and needs.
  static func scratch(
    _ decoder: AttentiveDecoder, memoryRows rows: Int, extras: Int, options: BeamOptions, _ sizes: BiAttentionConfiguration
  ) -> Int {
    let (n, d) = (options.width, sizes.hiddenSize)
    let kept = 2 * Arena.bytes(n * d, Float.self) + Arena.bytes(rows * d, Float.self)
    let advancing =
      Arena.bytes(n * sizes.embeddingSize, Float.self) + Arena.bytes(n * 3 * d, Float.self)
      + max(decoder.gru.input.scratch(rows: n), decoder.gru.scratch(sequences: n))
    var scoring =
      Arena.bytes(n * rows, Float.self) + Arena.bytes(n * 2 * d, Float.self) + Arena.bytes(n * sizes.outputs, Float.self)
      + decoder.output.scratch(rows: n)
    if let copy = decoder.copy {
      scoring +=
        Arena.bytes(n, Float.self) + Arena.bytes(sizes.outputs + extras, Float.self) + copy.scratch(rows: n)
    }
    return kept + max(decoder.attention.scratch(rows: rows), advancing, scoring)
  }
}
