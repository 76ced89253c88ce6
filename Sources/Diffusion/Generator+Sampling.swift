// SPDX-License-Identifier: Apache-2.0

import Tensors
import Transformer

extension Generator {
  /// Observes a sampling loop: the step's number, its time step, v_t before the step, and the prediction x0.
  package typealias Observer = (_ step: Int, _ timestep: Int, _ v: FloatView, _ prediction: FloatView) -> Void

  /// Denoises from pure noise over the visited steps with self-conditioning, rounds, and runs the final pass.
  package func sample(
    _ memory: SourceMemory, options: SamplingOptions, noise: some NoiseSource, arena: Arena,
    observer: Observer? = nil
  ) throws(TensorError) -> GeneratedSequence {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let (l, m) = (configuration.positions, configuration.embeddingSize)
    let v = try arena.floats(rows: l, columns: m)
    let added = try arena.floats(rows: l, columns: m)
    var prediction = try arena.floats(rows: l, columns: m)
    var previous = try arena.floats(rows: l, columns: m)
    var tokens = try arena.integers(l)
    var lastTokens = try arena.integers(l)

    let steps = min(max(options.steps, 1), schedule.timesteps)
    noise.fill(v, step: 0)
    var taken = 0
    for step in 0..<steps {
      let (from, to) = (schedule.visited(step, of: steps), schedule.visited(step + 1, of: steps))
      try denoiser.predict(
        v, previous: step == 0 || !options.selfConditioning ? nil : previous, timestep: from, source: memory, causal: false,
        into: prediction,
        arena: arena)
      taken += 1
      observer?(step, from, v, prediction)
      // Two consecutive steps with equal tokens stop the loop. The last step always rounds.
      if options.earlyStop || options.clamp || step + 1 == steps {
        swap(&tokens, &lastTokens)
        try rounding.round(prediction, into: tokens, arena: arena)
        if step > 0 && options.earlyStop && areEqual(tokens, lastTokens, count: l) { break }
      }
      if step + 1 == steps { break }
      if options.clamp {
        for position in 0..<l { rounding.embedding.copy(Int(tokens[position]), to: prediction.row(position)) }
      }
      switch options.sampler {
      case .ddim:
        Sampler.ddim(v, prediction: prediction, schedule: schedule, from: from, to: to)
      case .dpm:
        let last = step == 0 ? nil : (previous, schedule.visited(step - 1, of: steps))
        Sampler.dpm(v, prediction: prediction, last: last, schedule: schedule, from: from, to: to)
      case .ancestral:
        noise.fill(added, step: step + 1)
        Sampler.ancestral(v, prediction: prediction, noise: added, schedule: schedule, from: from, to: to)
      case .renoise:
        noise.fill(added, step: step + 1)
        Sampler.renoise(v, prediction: prediction, noise: added, schedule: schedule, to: to)
      }
      swap(&prediction, &previous)
    }
    if options.finalPass { return try finalPass(tokens, memory: memory, stepsTaken: taken, arena: arena) }
    let scores = try arena.floats(rows: l, columns: configuration.vocabularySize)
    try rounding.logits(prediction, into: scores, arena: arena)
    let probabilities = (0..<l).map { position in
      let row = scores.row(position)
      Kernels.softmax(row, count: scores.columns)
      return row[Int(tokens[position])]
    }
    let pieces = (0..<l).map { tokens[$0] }
    return GeneratedSequence(tokens: pieces, probabilities: probabilities, rounded: pieces, stepsTaken: taken)
  }

  /// ASSIGNER Eq. 14: the decoder reads <s> and the rounded pieces causally, and yields the most probable piece of every
  /// position and its probability.
  package func finalPass(
    _ rounded: UnsafePointer<Int32>, memory: SourceMemory, stepsTaken: Int, arena: Arena
  ) throws(TensorError) -> GeneratedSequence {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let l = configuration.positions
    let scores = try arena.floats(rows: l, columns: configuration.vocabularySize)
    try causalLogits(rounded, memory: memory, into: scores, arena: arena)
    var tokens: [Int32] = []
    var probabilities: [Float] = []
    tokens.reserveCapacity(l)
    probabilities.reserveCapacity(l)
    for position in 0..<l {
      let row = scores.row(position)
      let best = Kernels.argmax(row, count: scores.columns)
      Kernels.softmax(row, count: scores.columns)
      tokens.append(Int32(best))
      probabilities.append(row[best])
    }
    return GeneratedSequence(
      tokens: tokens, probabilities: probabilities, rounded: (0..<l).map { rounded[$0] }, stepsTaken: stepsTaken)
  }

  /// Scores [l, V] of every piece at each position, given the pieces before it. `pieces` [l] must be in the vocabulary.
  package func causalLogits(
    _ pieces: UnsafePointer<Int32>, memory: SourceMemory, into scores: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let (l, m) = (configuration.positions, configuration.embeddingSize)
    let embedded = try arena.floats(rows: l, columns: m)
    let predicted = try arena.floats(rows: l, columns: m)
    for position in 0..<l {
      let piece = position == 0 ? configuration.bos : pieces[position - 1]
      rounding.embedding.copy(Int(piece), to: embedded.row(position))
    }
    try denoiser.predict(
      embedded, previous: nil, timestep: 0, source: memory, causal: true, into: predicted, arena: arena)
    try rounding.logits(predicted, into: scores, arena: arena)
  }

  private func areEqual(_ a: UnsafePointer<Int32>, _ b: UnsafePointer<Int32>, count: Int) -> Bool {
    (0..<count).allSatisfy { a[$0] == b[$0] }
  }
}
