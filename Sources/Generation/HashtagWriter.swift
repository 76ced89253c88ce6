// SPDX-License-Identifier: Apache-2.0

import Decoding
import ModelFile
import Tensors
import Text

/// A generator's input for one tweet (ASSIGNER Eq. 3).
package struct GeneratorInput: Sendable {
  /// The normal forms of retrieved hashtags, best first.
  package var hashtags: [String]
  /// The tweet normal form.
  package var text: String
  /// The key of the generator's noise, derived from the text.
  package var noiseKey: UInt64
  /// The normal form of the tweet alone, and those of its replies, oldest first: for a generator that reads them apart.
  package var post: String
  package var conversation: [String]

  /// - Parameter post: `text` if it is nil.
  package init(hashtags: [String], text: String, noiseKey: UInt64, post: String? = nil, conversation: [String] = []) {
    self.hashtags = hashtags
    self.text = text
    self.noiseKey = noiseKey
    self.post = post ?? text
    self.conversation = conversation
  }
}

/// A generator with its tokenizer: writes hashtags for a tweet and a few retrieved hashtags. Each architecture is one writer; the
/// model's ``GeneratorKind`` selects it.
package protocol HashtagWriter: Sendable {
  /// The methods that it supports; it was trained for the first.
  static var methods: [GenerationMethod] { get }

  /// Arena bytes that any call needs, computed from the network's shape alone.
  static func scratch(of model: ContainerFile, options: GenerationOptions) throws(ContainerError) -> Int

  /// - Parameters:
  ///   - tokenizers: the file's tokenizers that have already been read, by name.
  ///   - options: the method must be one of `methods`, or nil.
  /// - Throws: `ContainerError`, which names what is missing or invalid.
  init(model: ContainerFile, tokenizers: [String: Tokenizer], options: GenerationOptions) throws(ContainerError)

  /// Arena bytes that any call needs.
  var scratch: Int { get }

  /// The possible efforts within a time budget, from the requested one down to the smallest.
  var ladder: [Effort] { get }

  /// Writes hashtags for each tweet, in generation order; if there are several sequences, one sequence after the other. The
  /// result for a tweet does not depend on the other tweets.
  func write(_ inputs: [GeneratorInput], arena: Arena) throws(TensorError) -> [[GeneratedHashtag]]

  /// Writes hashtags for one tweet within a time budget. Empty if no time is left.
  ///
  /// - Parameter pace: decides the effort, and is told what was done.
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

/// A writer that searches, one tweet at a time. A search cannot be reduced: the network decides when it ends.
protocol SearchingWriter: HashtagWriter {
  var options: BeamOptions { get }

  func write(_ input: GeneratorInput, arena: Arena) throws(TensorError) -> [GeneratedHashtag]
}

extension SearchingWriter {
  var ladder: [Effort] { [Effort(steps: nil, candidates: options.sequences)] }

  func write(_ inputs: [GeneratorInput], arena: Arena) throws(TensorError) -> [[GeneratedHashtag]] {
    var written: [[GeneratedHashtag]] = []
    for input in inputs { written.append(try write(input, arena: arena)) }
    return written
  }

  func write(
    _ input: GeneratorInput, pace: inout some GenerationPace, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag] {
    guard let effort = pace.startWhole() else { return [] }
    let written = try write(input, arena: arena)
    pace.finishGenerator(passes: effort.passes)
    return written
  }
}

extension GeneratorKind {
  /// The type that implements the architecture.
  private var writer: any HashtagWriter.Type {
    switch self {
    case .diffusion: DiffusionWriter.self
    case .bart: BARTWriter.self
    case .seqdiffuseq: SeqDiffuSeqWriter.self
    case .biAttention: BiAttentionWriter.self
    }
  }

  /// The methods that it supports; it was trained for the first.
  package var methods: [GenerationMethod] { writer.methods }

  /// The writer for the options, or nil if generation is off.
  ///
  /// - Parameter tokenizers: the file's tokenizers that have already been read, by name.
  /// - Throws: `GenerationError` if there is no generator or it does not support the method, `ContainerError` if it is damaged.
  package static func writer(
    of model: ContainerFile, tokenizers: [String: Tokenizer] = [:], options: GenerationOptions
  ) throws -> (any HashtagWriter)? {
    try kind(of: model, for: options)?.writer.init(model: model, tokenizers: tokenizers, options: options)
  }

  /// Arena bytes that a thread needs to write with the options, computed from the network's shape alone; 0 if generation is off.
  ///
  /// - Throws: as `writer`.
  package static func scratch(of model: ContainerFile, options: GenerationOptions) throws -> Int {
    try kind(of: model, for: options)?.writer.scratch(of: model, options: options) ?? 0
  }

  /// Nil if generation is off.
  private static func kind(of model: ContainerFile, for options: GenerationOptions) throws -> GeneratorKind? {
    if options.method == .off { return nil }
    guard let kind = try GeneratorKind.of(model) else { throw GenerationError.missing(path: model.path) }
    if let method = options.method, !kind.methods.contains(method) {
      throw GenerationError.otherMethod(path: model.path, kind: kind, method: method)
    }
    return kind
  }
}
