// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import Generation
import ModelFile
import Recommender
import Tensors
import Transformer

/// The networks alone, on token numbers spread over their vocabularies. Their time depends on the number of tokens, not on
/// the text.
extension BenchmarkSuite {
  /// Measures the retriever for each number of tokens and each batch size.
  func encode() throws -> [BenchmarkRow] {
    guard model.metadata[ModelLayout.retriever] != nil else { return [] }
    let encoder = try SentenceEncoder(file: model, name: ModelLayout.retriever)
    let arena = Arena(capacity: encoder.scratch)
    let vocabulary = encoder.encoder.configuration.vocabularySize
    let longest = options.batches.max() ?? 1
    let output = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, longest) * encoder.size)
    defer { output.deallocate() }
    guard let base = output.baseAddress else { return [] }
    var rows: [BenchmarkRow] = []
    for batch in options.batches {
      for tokens in options.tokens {
        let sequences = (0..<batch).map { Self.tokens(tokens, below: vocabulary, from: $0) }
        let vectors = FloatView(base, rows: batch, columns: encoder.size)
        let series = try options.stopwatch.measure {
          try encoder.encode(batch: sequences, into: vectors, arena: arena)
        }
        rows.append(
          BenchmarkRow(
            .encode, [("tokens", tokens), ("batch", batch)], units: batch,
            multiplyAdds: batch * encoder.encoder.configuration.multiplyAdds(tokens: tokens), series))
      }
    }
    return rows
  }

  /// Measures the generator: diffusion for each number of denoising steps, without early stopping; an autoregressive
  /// generator for each number of beams.
  func generate() throws -> [BenchmarkRow] {
    guard generation.method != .off, let kind = try GeneratorKind.of(model) else { return [] }
    switch kind {
    case .bart: return try search(BART(file: model))
    case .diffusion:
      let generator = try Generator(file: model)
      return generation.method == .autoregressive ? try search(generator) : try denoise(generator)
    // SeqDiffuSeq always takes all T steps, so there is nothing to vary. `tweet` and `throughput` include it.
    // A bi-attention network reads two texts. `tweet` and `throughput` include it.
    case .seqdiffuseq, .biAttention: return []
    }
  }

  private func denoise(_ generator: Generator) throws -> [BenchmarkRow] {
    let arena = Arena(capacity: generator.scratch)
    let source = Self.tokens(options.sourceTokens, below: generator.encoder.configuration.vocabularySize)
    return try options.steps.map { steps in
      var sampling = generation.sampling
      (sampling.steps, sampling.earlyStop) = (steps, false)
      let series = try options.stopwatch.measure {
        _ = try generator.generate(source: source, options: sampling, noiseKey: 0, arena: arena)
      }
      return BenchmarkRow(.generate, [("source", options.sourceTokens), ("steps", steps)], series)
    }
  }

  /// Measures beam search over exactly `newTokens` tokens: no sequence may end earlier, and none is forced to end.
  private func search(_ network: some SearchedNetwork) throws -> [BenchmarkRow] {
    let source = Self.tokens(options.sourceTokens, below: network.sourceVocabularySize)
    return try options.beams.map { beams in
      let length = options.newTokens + 1
      let search = BeamOptions(beams: beams, maximumLength: length, minimumLength: length, noRepeat: 0)
      let arena = Arena(capacity: network.scratch(search))
      let series = try options.stopwatch.measure {
        let mark = arena.mark
        defer { arena.release(to: mark) }
        var scorer = try network.scorer(source: source, sequences: search.width, steps: options.newTokens, arena: arena)
        let control = ControlTokens(start: network.startToken, end: network.endToken)
        _ = try BeamSearch.run(&scorer, options: search, control: control, arena: arena)
      }
      return BenchmarkRow(
        .generate, [("source", options.sourceTokens), ("new", options.newTokens), ("beams", beams)], series)
    }
  }

  /// `count` token numbers below `bound`, different for every `start`.
  static func tokens(_ count: Int, below bound: Int, from start: Int = 0) -> [Int32] {
    (0..<count).map { Int32(truncatingIfNeeded: (($0 + 1) * 7919 + start * 104_729) % max(1, bound)) }
  }
}

/// A network that beam search can run on without the search settings of its checkpoint.
private protocol SearchedNetwork: AutoregressiveGenerator {
  associatedtype Scorer: NextTokenScorer
  var sourceVocabularySize: Int { get }
  var startToken: Int32 { get }
  var endToken: Int32 { get }
  func scorer(source: [Int32], sequences: Int, steps: Int, arena: Arena) throws(TensorError) -> Scorer
}

extension BART: SearchedNetwork {
  var sourceVocabularySize: Int { vocabularySize }
  var startToken: Int32 { configuration.control.start }
  var endToken: Int32 { configuration.control.end }
}

extension Generator: SearchedNetwork {
  var sourceVocabularySize: Int { encoder.configuration.vocabularySize }
  var startToken: Int32 { configuration.bos }
  var endToken: Int32 { configuration.eos }
}

extension EncoderConfiguration {
  /// Multiply-adds of one pass: four projections, two feed-forward layers, attention scores and weighted sums.
  func multiplyAdds(tokens: Int) -> Int {
    let matrices = tokens * (4 * hiddenSize * hiddenSize + 2 * hiddenSize * feedForwardSize)
    return layers * (matrices + 2 * tokens * tokens * hiddenSize)
  }
}
