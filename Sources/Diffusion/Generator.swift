// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// ASSIGNER's generator (Eq. 3-14): BART's encoder over "h1 ; h2 ; … tweet", a denoising decoder, rounding, and the final
/// causal pass.
///
/// One arena of `scratch` bytes serves every call. A call allocates nothing but its result.
package struct Generator: Sendable {
  package let configuration: DiffusionConfiguration
  package let encoder: Encoder
  package let denoiser: Denoiser
  package let rounding: Rounding
  package let schedule: Schedule

  /// - Throws: `ContainerError`, which names the missing or invalid tensor or hyper-parameter.
  package init(file: ContainerFile, products: FloatProducts = .kernels) throws(ContainerError) {
    configuration = try DiffusionConfiguration(file: file)
    encoder = try Encoder(file: file, name: ModelLayout.generatorEncoder, products: products)
    denoiser = try Denoiser(file: file, configuration: configuration, products: products)
    rounding = try Rounding(file: file, configuration: configuration, products: products)
    schedule = try Schedule(
      file: file, timesteps: configuration.timesteps, positions: configuration.positions)
    if denoiser.decoder.hiddenSize != encoder.configuration.hiddenSize {
      throw file.failure(.metadata("generator: encoder and decoder differ in hiddenSize"), section: "metadata")
    }
    try file.checkScratch(scratch)
  }

  /// Longest source, special tokens included.
  package var maximumTokens: Int { encoder.configuration.maximumTokens }

  /// Generates one sequence.
  ///
  /// - Parameters:
  ///   - source: token numbers of "[CLS] h1 ; h2 [SEP] tweet [SEP]".
  ///   - noiseKey: the key of the noise, together with the seed.
  /// - Throws: `TensorError` if the source is too long or has tokens outside the vocabulary.
  package func generate(
    source: [Int32], options: SamplingOptions = SamplingOptions(), noiseKey: UInt64, arena: Arena
  ) throws(TensorError) -> GeneratedSequence {
    var options = options
    options.candidates = 1
    return try candidates(source: source, options: options, noiseKey: noiseKey, arena: arena)[0]
  }

  /// Generates `options.candidates` sequences from different noise. The first equals the result of `generate`. The source is
  /// encoded once.
  package func candidates(
    source: [Int32], options: SamplingOptions, noiseKey: UInt64, arena: Arena
  ) throws(TensorError) -> [GeneratedSequence] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    return try draw(encodeSource(source, arena: arena), options: options, noiseKey: noiseKey, arena: arena)
  }

  /// Generates sequences for a source that is already encoded.
  package func draw(
    _ memory: SourceMemory, options: SamplingOptions, noiseKey: UInt64, arena: Arena
  ) throws(TensorError) -> [GeneratedSequence] {
    var generations: [GeneratedSequence] = []
    for candidate in 0..<min(max(options.candidates, 1), 4095) {
      let noise = Noise(seed: options.seed, noiseKey: noiseKey, candidate: candidate, temperature: options.temperature)
      generations.append(try sample(memory, options: options, noise: noise, arena: arena))
    }
    return generations
  }

  /// Encodes the source and computes the decoder layers' keys and values. They stay in the arena until the caller releases it.
  package func encodeSource(_ source: [Int32], arena: Arena) throws(TensorError) -> SourceMemory {
    return try denoiser.decoder.sourceMemory(of: encoder.encode(source, arena: arena), arena: arena)
  }

  /// Encodes several sources, as many together as fit, and calls `body` with the index and memory of each, in order.
  package func encodeSources(
    _ sources: [[Int32]], arena: Arena, _ body: (_ place: Int, _ memory: SourceMemory) throws(TensorError) -> Void
  ) throws(TensorError) {
    for part in encoder.batches(of: sources) {
      let mark = arena.mark
      defer { arena.release(to: mark) }
      let rows = sources[part].reduce(0) { $0 + $1.count }
      let states = try arena.floats(rows: rows, columns: encoder.configuration.hiddenSize)
      try encoder.encode(sources[part], into: states, arena: arena)
      var row = 0
      for place in part {
        let inner = arena.mark
        defer { arena.release(to: inner) }
        let source = states.rows(from: row, count: sources[place].count)
        try body(place, denoiser.decoder.sourceMemory(of: source, arena: arena))
        row += source.rows
      }
    }
  }

  /// Arena bytes that any call needs.
  package var scratch: Int {
    let tokens = maximumTokens
    let (l, m) = (configuration.positions, configuration.embeddingSize)
    let memory = denoiser.decoder.scratchForSource(sourceRows: tokens)
    let states = Arena.bytes(encoder.maximumBatchTokens * encoder.configuration.hiddenSize, Float.self)
    // The denoising loop needs four matrices and two rows of tokens. The final pass needs as much as a step, and more.
    let sampling =
      6 * Arena.bytes(l * m, Float.self) + 2 * Arena.bytes(l, Int32.self)
      + Arena.bytes(l * configuration.vocabularySize, Float.self)
      + max(denoiser.scratch(sourceRows: tokens), rounding.scratch(rows: l))
    return states + max(encoder.batchScratch, memory.needed, memory.kept + sampling)
  }
}
