// SPDX-License-Identifier: Apache-2.0

import Tensors
import Transformer

extension SeqDiffuSeq {
  /// The reference implementation's loop over all steps t = T-1 … 0: predict x0 from x_t and the previous prediction, then
  /// sample x_{t-1}. At t = 0 nothing is added, and x_0 is the prediction.
  package func sample(
    _ memory: SourceMemory, options: SeqDiffuSeqOptions, noise: some NoiseSource, arena: Arena,
    observer: Generator.Observer? = nil
  ) throws(TensorError) -> DrawnSequence {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let (l, m) = (configuration.positions, configuration.embeddingSize)
    let x = try arena.floats(rows: l, columns: m)
    let added = try arena.floats(rows: l, columns: m)
    var prediction = try arena.floats(rows: l, columns: m)
    var previous = try arena.floats(rows: l, columns: m)
    noise.fill(x, step: 0)
    for step in 0..<posterior.steps {
      let t = posterior.steps - 1 - step
      try network.denoiser.predict(
        x, previous: step == 0 ? nil : previous, timestep: t, source: memory, causal: false, into: prediction,
        arena: arena)
      observer?(step, t, x, prediction)
      if t > 0 { noise.fill(added, step: step + 1) }
      if t > 0, options.process == .forward {
        forward(x, prediction: prediction, noise: added, t: t)
      } else {
        posterior.step(x, prediction: prediction, noise: t > 0 ? added : nil, t: t, variance: options.variance)
      }
      swap(&prediction, &previous)
    }
    return try read(x, arena: arena)
  }

  /// Samples from q(x_{t-1} | x0 = prediction).
  private func forward(_ x: FloatView, prediction: FloatView, noise: FloatView, t: Int) {
    for position in 0..<x.rows {
      // Row t of the schedule is ᾱ_{t-1}, because the schedule begins with a row of ones.
      let a = network.schedule(t, position)
      let (clean, noisy) = (a.squareRoot(), (1 - a).squareRoot())
      let (row, predicted, added) = (x.row(position), prediction.row(position), noise.row(position))
      for component in 0..<x.columns { row[component] = clean * predicted[component] + noisy * added[component] }
    }
  }

  /// The most probable piece at every position.
  private func read(_ x: FloatView, arena: Arena) throws(TensorError) -> DrawnSequence {
    let scores = try arena.floats(rows: x.rows, columns: configuration.vocabularySize)
    try network.rounding.logits(x, into: scores, arena: arena)
    var tokens: [Int32] = []
    var probabilities: [Float] = []
    for position in 0..<x.rows {
      let row = scores.row(position)
      let best = Kernels.argmax(row, count: scores.columns)
      Kernels.softmax(row, count: scores.columns)
      tokens.append(Int32(best))
      probabilities.append(row[best])
    }
    return DrawnSequence(tokens: tokens, probabilities: probabilities)
  }
}
