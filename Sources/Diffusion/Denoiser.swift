// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// Predicts clean embeddings from noisy ones (ASSIGNER Eq. 5): BART's decoder between two projections.
package struct Denoiser: Sendable {
  package let decoder: Decoder
  let positions: Int
  let embeddingSize: Int
  private let selfConditioning: Bool
  private let input: (up: Linear, down: Linear)
  private let output: (up: Linear, down: Linear)
  private let time: TimeEmbedding
  private let norm: LayerNorm?

  init(file: ContainerFile, configuration: DiffusionConfiguration, products: FloatProducts) throws(ContainerError) {
    positions = configuration.positions
    embeddingSize = configuration.embeddingSize
    selfConditioning = configuration.selfConditioning
    decoder = try Decoder(file: file, name: ModelLayout.generatorDecoder, positions: positions, products: products)
    let (d, m) = (decoder.hiddenSize, embeddingSize)
    let reader = TensorReader(file: file, prefix: ModelLayout.prefix(of: ModelLayout.diffusion), products: products)
    input = (
      up: try reader.linear("input.up", outputs: d, inputs: selfConditioning ? 2 * m : m),
      down: try reader.linear("input.down", outputs: d, inputs: d)
    )
    output = (
      up: try reader.linear("output.up", outputs: d, inputs: d),
      down: try reader.linear("output.down", outputs: m, inputs: d)
    )
    time = try TimeEmbedding(reader, size: d, timesteps: configuration.timesteps)
    norm = configuration.normalizesInput ? try reader.layerNorm("norm", size: d, epsilon: 1e-5) : nil
  }

  /// Predicts x0 [l, m] from v_t and the previous prediction, both [l, m].
  ///
  /// - Parameters:
  ///   - previous: nil stands for zeros, in the first step and the final pass.
  ///   - causal: false for denoising, true for the final pass, where row i sees only rows up to i.
  package func predict(
    _ v: FloatView, previous: FloatView?, timestep: Int, source: SourceMemory, causal: Bool, into x0: FloatView,
    arena: Arena
  ) throws(TensorError) {
    try project(v, previous: previous, timestep: timestep, into: x0, arena: arena) { (states) throws(TensorError) in
      try decoder.apply(states, source: source, causal: causal, arena: arena)
    }
  }

  /// Computes the next position of the causal pass for n sequences: `v` [n, m] are the embeddings of their newest pieces. The
  /// caller has extended the cache for these pieces.
  func step(
    _ v: FloatView, source: SourceMemory, cache: KeyValueCache, into x0: FloatView, arena: Arena
  ) throws(TensorError) {
    try project(v, previous: nil, timestep: 0, into: x0, arena: arena) { (states) throws(TensorError) in
      try decoder.step(states, source: source, cache: cache, arena: arena)
    }
  }

  /// Runs the decoder between its input and output projections.
  private func project(
    _ v: FloatView, previous: FloatView?, timestep: Int, into x0: FloatView, arena: Arena,
    decode: (FloatView) throws(TensorError) -> Void
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let (l, m, d) = (v.rows, embeddingSize, decoder.hiddenSize)
    let joined = try arena.floats(rows: l, columns: input.up.inputs)
    let hidden = try arena.floats(rows: l, columns: d)
    let states = try arena.floats(rows: l, columns: d)
    let embeddedTime = try arena.floats(rows: 1, columns: d)
    for position in 0..<l {
      let row = joined.row(position)
      row.update(from: v.row(position), count: m)
      guard selfConditioning else { continue }
      if let previous {
        (row + m).update(from: previous.row(position), count: m)
      } else {
        (row + m).update(repeating: 0, count: m)
      }
    }
    try input.up.apply(joined, into: hidden, activation: .tanh, arena: arena)
    try input.down.apply(hidden, into: states, arena: arena)
    try time.embed(timestep, into: embeddedTime, arena: arena)
    for position in 0..<l {
      let row = states.row(position)
      for component in 0..<d { row[component] += embeddedTime.base[component] }
    }
    norm?.apply(states)
    try decode(states)
    try output.up.apply(states, into: hidden, activation: .tanh, arena: arena)
    try output.down.apply(hidden, into: x0, arena: arena)
  }

  /// Arena bytes that `predict` needs over all positions.
  func scratch(sourceRows: Int) -> Int {
    scratchToProject(rows: positions) + decoder.scratch(rows: positions, sourceRows: sourceRows)
  }

  /// Arena bytes that `step` needs, without the cache.
  func scratchToStep(sequences: Int, steps: Int, sourceRows: Int) -> Int {
    scratchToProject(rows: sequences)
      + decoder.scratchToStep(sequences: sequences, steps: steps, sourceRows: sourceRows).needed
  }

  private func scratchToProject(rows: Int) -> Int {
    let d = decoder.hiddenSize
    let kept =
      Arena.bytes(rows * input.up.inputs, Float.self) + 2 * Arena.bytes(rows * d, Float.self)
      + Arena.bytes(d, Float.self)
    let projections = [input.up, input.down, output.up, output.down].map { $0.scratch(rows: rows) }.max() ?? 0
    return kept + max(projections, time.scratch)
  }
}
