// SPDX-License-Identifier: Apache-2.0

import Decoding
import ModelFile
import Tensors
import Text

/// What a generator is told of a tweet (ASSIGNER Eq. 3).
struct GeneratorInput: Sendable {
  /// Retrieved ones in normal form, best first.
  var hashtags: [String]
  /// Tweet normal form.
  var text: String
  /// Keys the noise, where there is any.
  var line: UInt64
}

/// What writes hashtags for a tweet and a few retrieved ones.
protocol HashtagWriter: Sendable {
  /// Arena bytes that any call needs.
  var scratch: Int { get }

  /// What it can do within a time budget, from the most, which is what its options ask for, to the least.
  var ladder: [Effort] { get }

  /// Hashtags in the order written; where several sequences are drawn, one after the other.
  ///
  /// - Parameter pace: says how much of the ladder there is time for, and is told what was done; nil does what the options
  ///   ask for. None is written where there is no time.
  func write(_ input: GeneratorInput, pace: inout Pace?, arena: Arena) throws(TensorError) -> [GeneratedHashtag]

  /// The same for several tweets: what is written for each of them alone.
  func write(_ inputs: [GeneratorInput], pace: inout Pace?, arena: Arena) throws(TensorError) -> [[GeneratedHashtag]]
}

extension HashtagWriter {
  /// One after the other.
  func write(_ inputs: [GeneratorInput], pace: inout Pace?, arena: Arena) throws(TensorError) -> [[GeneratedHashtag]] {
    var written: [[GeneratedHashtag]] = []
    for input in inputs { written.append(try write(input, pace: &pace, arena: arena)) }
    return written
  }

  /// Without a time budget.
  func write(
    hashtags: [String], text: String, line: UInt64, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag] {
    var pace: Pace?
    return try write(GeneratorInput(hashtags: hashtags, text: text, line: line), pace: &pace, arena: arena)
  }
}

/// The networks that a model's generator can be: the metadata's "generator.kind".
package enum GeneratorKind: String, CaseIterable, Sendable {
  /// ASSIGNER's, with the generation vocabulary of hashtags.
  case diffusion
  /// An autoregressive BART, as RIGHT fine-tunes one.
  case bart
  /// The reference implementation's own.
  case seqdiffuseq

  /// The ways it can write; the first is the one it was trained for.
  package var methods: [GenerationMethod] {
    switch self {
    case .diffusion: [.diffusion, .autoregressive]
    case .bart: [.autoregressive]
    case .seqdiffuseq: [.diffusion]
    }
  }

  /// - Throws: `NetworkError` where there is no generator, `ContainerError` for a kind that this program does not know.
  package init(model: ContainerFile) throws {
    guard let generator = model.metadata["generator"] else {
      throw NetworkError.missing(path: model.path, network: "generator")
    }
    guard let value = generator["kind"] else {
      self = .diffusion
      return
    }
    guard case .string(let name) = value, let kind = GeneratorKind(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw model.failure(.metadata("generator.kind: is \(value.serialized()), not one of \(names)"), section: "metadata")
    }
    self = kind
  }

  /// What writes hashtags as the options wish; nil where nothing shall.
  ///
  /// - Parameter tokenizers: those of the file that have been read already, by name.
  static func writer(
    of model: ContainerFile, tokenizers: [String: Tokenizer], options: RecommenderOptions
  ) throws -> (any HashtagWriter)? {
    if options.generation == GenerationMethod.none { return nil }
    let kind = try GeneratorKind(model: model)
    let method = options.generation ?? kind.methods[0]
    guard kind.methods.contains(method) else {
      throw NetworkError.otherMethod(path: model.path, kind: kind, method: method)
    }
    switch kind {
    case .diffusion:
      // A search may go on as long as the network can write.
      let search = options.search(BeamOptions(maximumLength: .max))
      return try HashtagGenerator(
        model: model, tokenizers: tokenizers,
        method: method == .diffusion
          ? .diffusion(options.sampling) : .autoregressive(search, choice: options.sampling.choice))
    case .seqdiffuseq:
      return try SeqDiffuSeqWriter(model: model, tokenizers: tokenizers, options: options.sampling)
    case .bart:
      return try RightGenerator(model: model, tokenizers: tokenizers, options: options)
    }
  }
}

extension GeneratedHashtag {
  /// - Parameter probabilities: of its pieces.
  init(normal: String, position: Int, probabilities: [Double]) {
    self.init(
      normal: normal, position: position,
      meanProbability: probabilities.reduce(0, +) / Double(max(1, probabilities.count)),
      leastProbability: probabilities.min() ?? 0)
  }
}

extension DecodedSequence {
  /// Each token's probability given those before it.
  var probabilities: [Double] { logProbabilities.map(Self.probability) }

  static func probability(ofLogarithm value: Float) -> Double {
    value > -700 ? DeterministicMath.exp(Double(value)) : 0
  }
}
