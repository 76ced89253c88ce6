// SPDX-License-Identifier: Apache-2.0

import Decoding
import Tensors
import Transformer

/// Runs the generator's causal pass (ASSIGNER Eq. 14) one position at a time: <s>, then the pieces chosen so far.
package struct CausalScorer: NextTokenScorer {
  private let generator: Generator
  private let source: SourceMemory
  private var cache: KeyValueCache

  /// The cache stays in the arena until the caller releases it.
  init(
    _ generator: Generator, source: SourceMemory, sequences: Int, steps: Int, arena: Arena
  ) throws(TensorError) {
    self.generator = generator
    self.source = source
    cache = try generator.denoiser.decoder.cache(sequences: sequences, steps: steps, arena: arena)
  }

  package var vocabularySize: Int { generator.configuration.vocabularySize }
  package var maximumSteps: Int { cache.steps }

  package mutating func score(
    _ tokens: UnsafeBufferPointer<Int32>, parents: UnsafeBufferPointer<Int32>, into logits: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let embedded = try arena.floats(rows: tokens.count, columns: generator.configuration.embeddingSize)
    let predicted = try arena.floats(rows: tokens.count, columns: generator.configuration.embeddingSize)
    for (row, token) in tokens.enumerated() { generator.rounding.embedding.copy(Int(token), to: embedded.row(row)) }
    cache.extend(parents)
    try generator.denoiser.step(embedded, source: source, cache: cache, into: predicted, arena: arena)
    try generator.rounding.logits(predicted, into: logits, arena: arena)
  }
}

extension Generator: AutoregressiveGenerator {
  /// Greedy search over all positions.
  package var defaults: BeamOptions { BeamOptions(maximumLength: configuration.positions + 1) }

  /// Generates sequences of pieces without diffusion, as RIGHT does ("without diffusion" in ASSIGNER's ablation): greedy or
  /// beam search with the causal decoder, from <s> to </s>.
  ///
  /// `options.maximumLength` is at most l + 1. Needs `scratch(options)` bytes of arena.
  /// - Throws: `TensorError` if the source is too long or has tokens outside the vocabulary.
  package func decode(
    source: [Int32], options: BeamOptions, arena: Arena
  ) throws(TensorError) -> [DecodedSequence] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    var scorer = try scorer(
      source: source, sequences: options.width, steps: options.steps(atMost: configuration.positions), arena: arena)
    let control = ControlTokens(start: configuration.bos, end: configuration.eos)
    return try BeamSearch.run(&scorer, options: options, control: control, arena: arena)
  }

  /// Returns a scorer of next pieces for one source. Its memory stays in the arena until the caller releases it.
  package func scorer(
    source: [Int32], sequences: Int, steps: Int, arena: Arena
  ) throws(TensorError) -> CausalScorer {
    try CausalScorer(
      self, source: encodeSource(source, arena: arena), sequences: sequences, steps: steps, arena: arena)
  }

  /// Arena bytes that `decode` needs for the longest source.
  package func scratch(_ options: BeamOptions) -> Int {
    let tokens = maximumTokens
    let (width, m) = (options.width, configuration.embeddingSize)
    let steps = options.steps(atMost: configuration.positions)
    let memory = denoiser.decoder.scratchForSource(sourceRows: tokens)
    let states = Arena.bytes(tokens * encoder.configuration.hiddenSize, Float.self)
    let cache = denoiser.decoder.scratchToStep(sequences: width, steps: steps, sourceRows: tokens).kept
    let stepping =
      2 * Arena.bytes(width * m, Float.self)
      + max(
        denoiser.scratchToStep(sequences: width, steps: steps, sourceRows: tokens), rounding.scratch(rows: width))
    let search = BeamSearch.scratch(
      vocabularySize: configuration.vocabularySize, options: options, steps: configuration.positions)
    return states + max(encoder.scratch(tokens: tokens), memory.needed, memory.kept + cache + search + stepping)
  }
}
