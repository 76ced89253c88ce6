// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import ModelFile
import Tensors
import Text

/// ASSIGNER's generator with its spelling: reads a tweet and a few hashtags, and writes new hashtags.
///
/// Both methods use the same weights: denoising attends in both directions and ends with a causal pass; a search is only that
/// pass.
struct DiffusionWriter: HashtagWriter {
  static let methods = [GenerationMethod.diffusion, .autoregressive]

  private let generator: Generator
  private let spelling: HashtagSpelling
  private let tokenizer: Tokenizer
  private let separator: [Int32]
  private let sampling: SamplingOptions
  /// Nil for denoising.
  private let search: BeamOptions?
  let ladder: [Effort]

  init(
    model: ContainerFile, tokenizers: [String: Tokenizer] = [:], options: GenerationOptions = GenerationOptions()
  ) throws(ContainerError) {
    let section = ModelLayout.generationVocabulary
    do {
      spelling = try HashtagSpelling(vocabulary: model.bytes(section, limit: Tokenizer.maximumSectionSize))
    } catch let error as ContainerError {
      throw error
    } catch {
      throw model.failure(.value("\(error)"), section: section)
    }
    generator = try Generator(file: model)
    guard generator.configuration.vocabularySize == spelling.count else {
      throw model.failure(
        .value("has \(spelling.count) pieces, but the generator needs \(generator.configuration.vocabularySize)"),
        section: section)
    }
    tokenizer = try Self.tokenizer(of: model, tokenizers)
    guard generator.encoder.configuration.vocabularySize >= tokenizer.count, generator.maximumTokens >= 8 else {
      throw model.failure(
        .metadata("generator.encoder: has fewer embeddings than tokenizer pieces, or maximumTokens leaves no room for text"),
        section: "metadata")
    }
    separator = tokenizer.encode(";")
    sampling = options.sampling
    search = Self.search(options)
    ladder =
      if let search {
        // A search cannot be reduced: the network decides when it ends.
        [Effort(steps: nil, candidates: search.sequences)]
      } else {
        Effort.ladder(from: Effort(steps: sampling.steps, candidates: sampling.candidates))
      }
  }

  /// Nil for denoising. A search may continue up to the network's longest sequence.
  private static func search(_ options: GenerationOptions) -> BeamOptions? {
    options.method == .autoregressive ? options.search(BeamOptions(maximumLength: .max)) : nil
  }

  static func scratch(of model: ContainerFile, options: GenerationOptions) throws(ContainerError) -> Int {
    scratch(of: try Generator(file: model), search: search(options))
  }

  private static func scratch(of generator: Generator, search: BeamOptions?) -> Int {
    search.map(generator.scratch) ?? generator.scratch
  }

  var scratch: Int { Self.scratch(of: generator, search: search) }

  /// ASSIGNER Eq. 3: [CLS] h1 ; h2 ; … [SEP] tweet [SEP], or [CLS] [SEP] tweet [SEP] without hashtags, in the tokenizer's frame
  /// for pairs. If the source is too long, the tweet loses its end. If the hashtags have too many pieces, the last ones are
  /// dropped, so that half of the source remains for the tweet.
  ///
  /// - Parameters:
  ///   - hashtags: normal forms, best first.
  ///   - text: tweet normal form.
  func source(hashtags: [String], text: String) -> [Int32] {
    let limit = generator.maximumTokens
    var source: [Int32] = [tokenizer.begin]
    for (place, hashtag) in hashtags.enumerated() {
      var pieces = place > 0 ? separator : []
      tokenizer.encode(hashtag, into: &pieces)
      if source.count + pieces.count > limit / 2 { break }
      source += pieces
    }
    source += tokenizer.pairSeparator
    tokenizer.encode(text, into: &source)
    if source.count > limit - 1 { source.removeSubrange((limit - 1)...) }
    source.append(tokenizer.end)
    return source
  }

  /// Encodes the sources together, but denoises one at a time. Denoising together saved only 2 to 6 % of CPU time: most of a step
  /// are float products, which take as long a row for many rows as for 16.
  func write(_ inputs: [GeneratorInput], arena: Arena) throws(TensorError) -> [[GeneratedHashtag]] {
    var written: [[GeneratedHashtag]] = []
    let sources = inputs.map { source(hashtags: $0.hashtags, text: $0.text) }
    if let search {
      for source in sources { written.append(try decode(source, search, arena: arena)) }
      return written
    }
    try generator.encodeSources(sources, arena: arena) { (place, memory) throws(TensorError) in
      written.append(hashtags(of: try generator.draw(memory, options: sampling, noiseKey: inputs[place].noiseKey, arena: arena)))
    }
    return written
  }

  /// Encodes the source, checks the remaining time, and generates as many sequences as it allows.
  func write(
    _ input: GeneratorInput, pace: inout some GenerationPace, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag] {
    let source = source(hashtags: input.hashtags, text: input.text)
    if let search {
      guard let effort = pace.startWhole() else { return [] }
      let written = try decode(source, search, arena: arena)
      pace.finishGenerator(passes: effort.passes)
      return written
    }
    let mark = arena.mark
    defer { arena.release(to: mark) }
    guard pace.startGenerator(tokens: source.count) else { return [] }
    let memory = try generator.encodeSource(source, arena: arena)
    guard let effort = pace.chooseEffort() else { return [] }
    var options = sampling
    (options.steps, options.candidates) = (effort.steps ?? options.steps, effort.candidates)
    let drawn = try generator.draw(memory, options: options, noiseKey: input.noiseKey, arena: arena)
    pace.finishGenerator(passes: drawn.reduce(0) { $0 + $1.stepsTaken + 1 })
    return hashtags(of: drawn)
  }

  private func decode(_ source: [Int32], _ search: BeamOptions, arena: Arena) throws(TensorError) -> [GeneratedHashtag] {
    let found = try generator.decode(source: source, options: search, arena: arena)
    return sampling.choice.hashtags(of: found.map { sequence($0.tokens, probabilities: $0.probabilities) })
  }

  private func hashtags(of drawn: [GeneratedSequence]) -> [GeneratedHashtag] {
    sampling.choice.hashtags(of: drawn.map { sequence($0.tokens, probabilities: $0.probabilities.map(Double.init)) })
  }

  private func sequence(_ tokens: [Int32], probabilities: [Double]) -> CandidateChoice.Sequence {
    let frame = [generator.configuration.bos, generator.configuration.pad, generator.configuration.eos]
    return (tokens.filter { !frame.contains($0) }, read(tokens, probabilities: probabilities))
  }

  /// The hashtags of one sequence of pieces.
  private func read(_ pieces: [Int32], probabilities: [Double]) -> [GeneratedHashtag] {
    spelling.read(pieces).enumerated().map { position, reading in
      GeneratedHashtag(
        normal: reading.hashtag, position: position, probabilities: reading.positions.map { probabilities[$0] })
    }
  }
}
