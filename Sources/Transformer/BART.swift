// SPDX-License-Identifier: Apache-2.0

import Decoding
import ModelFile
import Tensors

/// BART (Lewis et al., 2019) as a generator: an encoder, a causal decoder, and one embedding table that both share with the
/// output. Equal to Hugging Face's `BartForConditionalGeneration`.
package struct BART: AutoregressiveGenerator {
  package let configuration: BARTConfiguration
  package let encoder: Encoder
  let decoder: Decoder
  /// The transposed word embeddings and `final_logits_bias`.
  let output: Linear

  /// Reads "generator/encoder/…", "generator/decoder/…" and "generator/finalBias".
  ///
  /// - Throws: `ContainerError`, which names the missing or invalid tensor or hyper-parameter.
  package init(file: ContainerFile, products: FloatProducts = .kernels) throws(ContainerError) {
    encoder = try Encoder(file: file, name: ModelLayout.generatorEncoder, products: products)
    configuration = try BARTConfiguration(file: file, vocabularySize: encoder.configuration.vocabularySize)
    decoder = try Decoder(file: file, name: ModelLayout.generatorDecoder, positions: configuration.positions, products: products)
    guard decoder.hiddenSize == encoder.configuration.hiddenSize else {
      throw file.failure(.metadata("generator: encoder and decoder differ in hiddenSize"), section: "metadata")
    }
    let reader = TensorReader(file: file, prefix: ModelLayout.prefix(of: ModelLayout.generator), products: products)
    let (words, size) = (encoder.configuration.vocabularySize, encoder.configuration.hiddenSize)
    output = Linear(
      weights: try reader.weights("encoder/embeddings.word", rows: words, columns: size),
      bias: try reader.vector("finalBias", count: words))
    try file.checkScratch(scratch(defaults))
  }

  package var maximumTokens: Int { encoder.configuration.maximumTokens }
  package var defaults: BeamOptions { configuration.defaults }
  package var vocabularySize: Int { encoder.configuration.vocabularySize }

  package func decode(
    source: [Int32], options: BeamOptions, arena: Arena
  ) throws(TensorError) -> [DecodedSequence] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    var scorer = try scorer(
      source: source, sequences: options.width, steps: options.steps(atMost: configuration.positions), arena: arena)
    return try BeamSearch.run(&scorer, options: options, control: configuration.control, arena: arena)
  }

  /// Returns a scorer of next tokens for one source. Its memory stays in the arena until the caller releases it.
  package func scorer(
    source: [Int32], sequences: Int, steps: Int, arena: Arena
  ) throws(TensorError) -> BARTScorer {
    let states = try encoder.encode(source, arena: arena)
    let memory = try decoder.sourceMemory(of: states, arena: arena)
    let cache = try decoder.cache(sequences: sequences, steps: steps, arena: arena)
    return BARTScorer(network: self, source: memory, cache: cache)
  }

  package func scratch(_ options: BeamOptions) -> Int { scratch(options, sourceTokens: maximumTokens) }

  /// Arena bytes that `decode` needs for a source of this many tokens.
  package func scratch(_ options: BeamOptions, sourceTokens tokens: Int) -> Int {
    let steps = options.steps(atMost: configuration.positions)
    let memory = decoder.scratchForSource(sourceRows: tokens)
    let states = Arena.bytes(tokens * decoder.hiddenSize, Float.self)
    let step = decoder.scratchToStep(sequences: options.width, steps: steps, sourceRows: tokens)
    let scoring =
      Arena.bytes(options.width * decoder.hiddenSize, Float.self)
      + max(step.needed, output.scratch(rows: options.width))
    let search = BeamSearch.scratch(
      vocabularySize: vocabularySize, options: options, steps: configuration.positions)
    return states + max(encoder.scratch(tokens: tokens), memory.needed, memory.kept + step.kept + search + scoring)
  }
}

/// BART's decoder over one source, one position at a time.
package struct BARTScorer: NextTokenScorer {
  let network: BART
  let source: SourceMemory
  var cache: KeyValueCache

  package var vocabularySize: Int { network.vocabularySize }
  package var maximumSteps: Int { cache.steps }

  package mutating func score(
    _ tokens: UnsafeBufferPointer<Int32>, parents: UnsafeBufferPointer<Int32>, into logits: FloatView, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let states = try arena.floats(rows: tokens.count, columns: network.decoder.hiddenSize)
    for (row, token) in tokens.enumerated() { network.encoder.embed(token, into: states.row(row)) }
    cache.extend(parents)
    try network.decoder.step(states, source: source, cache: cache, arena: arena)
    try network.output.apply(states, into: logits, arena: arena)
  }
}
