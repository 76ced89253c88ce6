// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import ModelFile
import Tensors
import Text

/// The generator with its spelling: from a tweet and a few hashtags to hashtags that it writes itself.
struct HashtagGenerator: HashtagWriter {
  /// Both ways run the same weights: denoising attends both ways and ends in a causal pass, a search is that pass alone.
  enum Method: Sendable {
    case diffusion(SamplingOptions)
    case autoregressive(BeamOptions, choice: CandidateChoice = .all)
  }

  private let generator: Generator
  private let spelling: HashtagSpelling
  private let tokenizer: Tokenizer
  private let separator: [Int32]
  private let method: Method

  /// - Parameter tokenizers: those of the file that have been read already, by name.
  /// - Throws: `ContainerError` naming what is missing or does not fit.
  init(
    model: ContainerFile, tokenizers: [String: Tokenizer] = [:], method: Method = .diffusion(SamplingOptions())
  ) throws(ContainerError) {
    let section = "text/generationVocabulary"
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
        .value("has \(spelling.count) pieces, the generator \(generator.configuration.vocabularySize)"),
        section: section)
    }
    let name = try Tokenizer.name(of: "generator", in: model)
    if let known = tokenizers[name] { tokenizer = known } else { tokenizer = try Tokenizer(file: model, name: name) }
    guard generator.encoder.configuration.vocabularySize >= tokenizer.count, generator.maximumTokens >= 8 else {
      throw model.failure(
        .metadata("generator.encoder: fewer pieces than the vocabulary, or no room for text"), section: "metadata")
    }
    separator = tokenizer.encode(";")
    self.method = method
  }

  var scratch: Int {
    switch method {
    case .diffusion: generator.scratch
    case .autoregressive(let options, _): generator.scratch(options)
    }
  }

  /// ASSIGNER Eq. 3: [CLS] h1 ; h2 ; … [SEP] tweet [SEP], or [CLS] [SEP] tweet [SEP] without hashtags, in the frame of
  /// the tokenizer's pairs. Too long a source loses the end of the tweet; too many pieces of hashtags lose the last
  /// hashtags, so that half the source is left for the tweet.
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

  /// A search has nothing to do less of: how long it goes on is its network's affair.
  var ladder: [Effort] {
    switch method {
    case .diffusion(let options): Effort.ladder(from: Effort(steps: options.steps, candidates: options.candidates))
    case .autoregressive(let options, _): [Effort(steps: nil, candidates: options.sequences)]
    }
  }

  func write(_ input: GeneratorInput, pace: inout Pace?, arena: Arena) throws(TensorError) -> [GeneratedHashtag] {
    let source = source(hashtags: input.hashtags, text: input.text)
    switch method {
    case .diffusion(let options): return try draw(source, options, line: input.line, pace: &pace, arena: arena)
    case .autoregressive(let options, let choice):
      if pace != nil {
        guard pace?.startGenerator(tokens: 0) == true, pace?.chooseEffort() != nil else { return [] }
      }
      let found = try generator.decode(source: source, options: options, arena: arena)
      pace?.finishGenerator(passes: ladder[0].passes)
      return choice.hashtags(of: found.map { sequence($0.tokens, probabilities: $0.probabilities) })
    }
  }

  /// Their sources go through the encoder together, where no tweet has a budget of its own. Denoising them together, too, took
  /// 2 to 6 % less of the processor only: most of a step are float products, which take as long a row for many rows as for 16.
  func write(_ inputs: [GeneratorInput], pace: inout Pace?, arena: Arena) throws(TensorError) -> [[GeneratedHashtag]] {
    var written: [[GeneratedHashtag]] = []
    guard case .diffusion(let options) = method, pace == nil else {
      for input in inputs { written.append(try write(input, pace: &pace, arena: arena)) }
      return written
    }
    let sources = inputs.map { source(hashtags: $0.hashtags, text: $0.text) }
    try generator.remember(sources: sources, arena: arena) { (place, memory) throws(TensorError) in
      let drawn = try generator.draw(memory, options: options, line: inputs[place].line, arena: arena)
      written.append(hashtags(of: drawn, options.choice))
    }
    return written
  }

  /// Encodes the source, looks at the time that is left, and draws what there is time for.
  private func draw(
    _ source: [Int32], _ asked: SamplingOptions, line: UInt64, pace: inout Pace?, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    if pace?.startGenerator(tokens: source.count) == false { return [] }
    let memory = try generator.remember(source: source, arena: arena)
    var options = asked
    if pace != nil {
      guard let effort = pace?.chooseEffort() else { return [] }
      (options.steps, options.candidates) = (effort.steps ?? options.steps, effort.candidates)
    }
    let drawn = try generator.draw(memory, options: options, line: line, arena: arena)
    pace?.finishGenerator(passes: drawn.reduce(0) { $0 + $1.stepsTaken + 1 })
    return hashtags(of: drawn, options.choice)
  }

  private func hashtags(of drawn: [Generation], _ choice: CandidateChoice) -> [GeneratedHashtag] {
    choice.hashtags(of: drawn.map { sequence($0.tokens, probabilities: $0.probabilities.map(Double.init)) })
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
