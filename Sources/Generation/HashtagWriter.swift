// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Text

/// What a generator is told of a tweet (ASSIGNER Eq. 3).
package struct GeneratorInput: Sendable {
  /// Retrieved ones in normal form, best first.
  package var hashtags: [String]
  /// Tweet normal form.
  package var text: String
  /// Keys the noise, where there is any.
  package var noiseKey: UInt64

  package init(hashtags: [String], text: String, noiseKey: UInt64) {
    self.hashtags = hashtags
    self.text = text
    self.noiseKey = noiseKey
  }
}

/// A generator with its tokenizer: writes hashtags for a tweet and a few retrieved ones. One architecture each; which one a
/// model has says its ``GeneratorKind``.
package protocol HashtagWriter: Sendable {
  /// The methods by which it can write; the first is the one it was trained for.
  static var methods: [GenerationMethod] { get }

  /// Arena bytes that any call needs, by the network's shape alone.
  static func scratch(of model: ContainerFile, options: GenerationOptions) throws(ContainerError) -> Int

  /// - Parameters:
  ///   - tokenizers: those of the file that have been read already, by name.
  ///   - options: their method is one of `methods`, or nil.
  /// - Throws: `ContainerError` naming what is missing or does not fit.
  init(model: ContainerFile, tokenizers: [String: Tokenizer], options: GenerationOptions) throws(ContainerError)

  /// Arena bytes that any call needs.
  var scratch: Int { get }

  /// What it can do within a time budget, from the most, which is what its options ask for, to the least.
  var ladder: [Effort] { get }

  /// Hashtags for each tweet, in the order written; where several sequences are drawn, one after the other. A tweet's are the
  /// same alone and among others.
  func write(_ inputs: [GeneratorInput], arena: Arena) throws(TensorError) -> [[GeneratedHashtag]]

  /// Hashtags for one tweet within a time budget: none where there is no time.
  ///
  /// - Parameter pace: says how much of the ladder there is time for, and is told what was done.
  func write(
    _ input: GeneratorInput, pace: inout some GenerationPace, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag]
}

extension HashtagWriter {
  /// The tokenizer that the model names for its generator.
  static func tokenizer(of model: ContainerFile, _ known: [String: Tokenizer]) throws(ContainerError) -> Tokenizer {
    let name = try Tokenizer.name(of: ModelLayout.generator, in: model)
    if let tokenizer = known[name] { return tokenizer }
    return try Tokenizer(file: model, name: name)
  }
}

extension GeneratorKind {
  /// The architecture's own code.
  private var writer: any HashtagWriter.Type {
    switch self {
    case .diffusion: DiffusionWriter.self
    case .bart: BARTWriter.self
    case .seqdiffuseq: SeqDiffuSeqWriter.self
    }
  }

  /// The methods by which it can write; the first is the one it was trained for.
  package var methods: [GenerationMethod] { writer.methods }

  /// What writes hashtags as the options wish; nil where nothing shall.
  ///
  /// - Parameter tokenizers: those of the file that have been read already, by name.
  /// - Throws: `GenerationError` where there is no generator or none for the method, `ContainerError` where it is damaged.
  package static func writer(
    of model: ContainerFile, tokenizers: [String: Tokenizer] = [:], options: GenerationOptions
  ) throws -> (any HashtagWriter)? {
    try kind(of: model, for: options)?.writer.init(model: model, tokenizers: tokenizers, options: options)
  }

  /// Arena bytes of a thread that writes as the options wish, by the network's shape alone; 0 where nothing is written.
  ///
  /// - Throws: as `writer`.
  package static func scratch(of model: ContainerFile, options: GenerationOptions) throws -> Int {
    try kind(of: model, for: options)?.writer.scratch(of: model, options: options) ?? 0
  }

  /// Nil where nothing shall be written.
  private static func kind(of model: ContainerFile, for options: GenerationOptions) throws -> GeneratorKind? {
    if options.method == .off { return nil }
    guard let kind = try GeneratorKind.of(model) else { throw GenerationError.missing(path: model.path) }
    if let method = options.method, !kind.methods.contains(method) {
      throw GenerationError.otherMethod(path: model.path, kind: kind, method: method)
    }
    return kind
  }
}
