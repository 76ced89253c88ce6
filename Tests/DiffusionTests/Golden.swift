// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Tensors
import Transformer

@testable import Diffusion

/// Noise from a fixture: [steps, l, m], or [l, m] for the first step only.
struct InjectedNoise: NoiseSource {
  let values: [Float]

  func fill(_ noise: FloatView, step: Int) {
    for index in 0..<noise.count { noise.base[index] = values[step * noise.count + index] }
  }
}

/// A model with its golden values, and our results for the same cases.
struct Golden {
  let generator: Generator
  let arena: Arena
  let transformer: GoldenBook
  let diffusion: GoldenBook

  init(_ model: GoldenModel) throws {
    generator = try Generator(file: ContainerFile(path: model.path))
    arena = Arena(capacity: generator.scratch)
    transformer = try model.transformerBook()
    diffusion = try model.diffusionBook()
  }

  func denoised() throws -> [(name: String, ours: [Float], expected: [Float])] {
    try transformer.cases("denoise").map { item in
      let mark = arena.mark
      defer { arena.release(to: mark) }
      let memory = try generator.encodeSource(item.inputs.tokens("tokens"), arena: arena)
      let v = try matrix(transformer.floats(item, "v"))
      let previous = try matrix(transformer.floats(item, "previous"))
      let x0 = try matrix(transformer.floats(item, "x0"))
      try generator.denoiser.predict(
        v, previous: previous, timestep: item.inputs.integer("t"), source: memory, causal: false, into: x0,
        arena: arena)
      return (item.name, elements(x0), transformer.floats(item, "x0"))
    }
  }

  struct CausalPass {
    let name: String
    /// The scores of the first 64 pieces at every position.
    let logits, expectedLogits: [Float]
    let pieces, expectedPieces: [Int32]
    let probabilities, expectedProbabilities: [Float]
  }

  func causal() throws -> [CausalPass] {
    try transformer.cases("causal").map { item in
      let mark = arena.mark
      defer { arena.release(to: mark) }
      let memory = try generator.encodeSource(item.inputs.tokens("tokens"), arena: arena)
      let target = try item.inputs.tokens("target")
      let l = generator.configuration.positions
      let scores = try arena.floats(rows: l, columns: generator.configuration.vocabularySize)
      try generator.causalLogits(target, memory: memory, into: scores, arena: arena)
      let logits = (0..<l).flatMap { row in (0..<min(64, scores.columns)).map { scores[row, $0] } }
      arena.release(to: mark)
      let again = try generator.encodeSource(item.inputs.tokens("tokens"), arena: arena)
      let pass = try generator.finalPass(target, memory: again, stepsTaken: 0, arena: arena)
      return CausalPass(
        name: item.name, logits: logits, expectedLogits: transformer.floats(item, "logits"), pieces: pass.tokens,
        expectedPieces: transformer.integers(item, "best"), probabilities: pass.probabilities,
        expectedProbabilities: transformer.floats(item, "probability"))
    }
  }

  struct Run {
    var timesteps: [Int] = []
    /// The first 8 components of v and of the prediction at every step.
    var v: [Float] = []
    var predictions: [Float] = []
    /// The last prediction, complete.
    var x0: [Float] = []
    /// The rounded pieces of every step.
    var rounded: [Int32] = []
    var generation: GeneratedSequence
  }

  /// Samples a recorded case again. The case's kind is the sampler, or "clamped" (DDIM over nearest pieces).
  func run(_ item: GoldenBook.Case) throws -> Run {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let memory = try generator.encodeSource(item.inputs.tokens("tokens"), arena: arena)
    var run = Run(generation: GeneratedSequence(tokens: [], probabilities: [], rounded: [], stepsTaken: 0))
    let options = SamplingOptions(
      sampler: SamplingOptions.Sampler(rawValue: item.kind) ?? .ddim, steps: try item.inputs.integer("steps"), earlyStop: false,
      clamp: item.kind == "clamped")
    let noise = InjectedNoise(values: diffusion.floats(item, "noise"))
    run.generation = try generator.sample(memory, options: options, noise: noise, arena: arena) {
      _, timestep, v, prediction in
      run.timesteps.append(timestep)
      for row in 0..<v.rows { run.v += (0..<8).map { v[row, $0] } }
      for row in 0..<v.rows { run.predictions += (0..<8).map { prediction[row, $0] } }
      run.x0 = elements(prediction)
      run.rounded += rounded(prediction)
    }
    return run
  }

  private func rounded(_ x0: FloatView) -> [Int32] {
    var tokens = [Int32](repeating: -1, count: x0.rows)
    let scratch = Arena(capacity: arena.capacity)
    try? generator.rounding.round(x0, into: &tokens, arena: scratch)
    return tokens
  }

  private func matrix(_ values: [Float]) throws -> FloatView {
    let view = try arena.floats(
      rows: generator.configuration.positions, columns: generator.configuration.embeddingSize)
    for index in 0..<view.count { view.base[index] = values[index] }
    return view
  }

  private func elements(_ view: FloatView) -> [Float] { (0..<view.count).map { view.base[$0] } }
}
