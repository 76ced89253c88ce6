// SPDX-License-Identifier: Apache-2.0

import Decoding
import ModelFile
import Tensors
import Transformer

/// The network of Microblog Hashtag Generation (Wang et al., NAACL 2019, Eq. 1-10): encoders of a post and its conversation,
/// bi-attention and merge layer, and an attentive GRU decoder. Equal to `assigner_training.bi_attention`.
///
/// The decoder's first state, which the paper leaves open, is tanh(W [last states of the encoders] + b).
package struct BiAttentionNetwork: Sendable {
  package let configuration: BiAttentionConfiguration
  let embedding: Embedding
  private let encoders: [TextEncoder]
  private let merge: BiAttention?
  private let start: Linear
  let decoder: AttentiveDecoder

  /// What the network reads for one post.
  package struct Source: Sendable, Equatable {
    /// The words of each encoder's text; at least one word each, at most `BiAttentionConfiguration.textLimits`.
    package var texts: [[Int32]]
    /// For a network that copies: what each word of `texts` is when it is written, an output or `outputs` + a number below
    /// `extras`. Empty otherwise.
    package var copies: [Int32]
    /// The number of different words in `texts` that the output layer lacks; 0 without copying.
    package var extras: Int

    package init(texts: [[Int32]], copies: [Int32] = [], extras: Int = 0) {
      self.texts = texts
      self.copies = copies
      self.extras = extras
    }
  }

  /// Reads "generator/encoder/…" and "generator/decoder/…".
  ///
  /// - Throws: `ContainerError`, which names the missing or invalid tensor or hyper-parameter.
  package init(file: ContainerFile) throws(ContainerError) {
    let sizes = try BiAttentionConfiguration(file: file)
    let reader = TensorReader(file: file, prefix: ModelLayout.prefix(of: ModelLayout.generatorEncoder))
    let d = sizes.hiddenSize
    embedding = try reader.embedding("words", rows: sizes.words, size: sizes.embeddingSize)
    var encoders: [TextEncoder] = []
    for index in sizes.textLimits.indices {
      encoders.append(try TextEncoder(reader, "\(index)", inputs: sizes.embeddingSize, size: d, layers: sizes.layers))
    }
    self.encoders = encoders
    merge = sizes.variant.hasTwoEncoders ? try BiAttention(reader, size: d) : nil
    start = try reader.linear("start", outputs: d, inputs: d * encoders.count)
    decoder = try AttentiveDecoder(file: file, sizes)
    configuration = sizes
    try file.checkScratch(scratch(sizes.defaults))
  }

  /// The best `options.sequences` hashtags for one source, best first. Their last token is the end, unless the longest length cut
  /// them.
  ///
  /// - Throws: `TensorError` if a text is empty, too long or has words outside the vocabulary.
  package func decode(source: Source, options: BeamOptions, arena: Arena) throws(TensorError) -> [DecodedSequence] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    var scorer = try scorer(source: source, options: options, arena: arena)
    let control = ControlTokens(start: BiAttentionConfiguration.Control.begin, end: BiAttentionConfiguration.Control.end)
    return try BeamSearch.run(&scorer, options: options, control: control, arena: arena)
  }

  /// A scorer of the next word for one source. Its memory stays in the arena until the caller releases it.
  package func scorer(source: Source, options: BeamOptions, arena: Arena) throws(TensorError) -> BiAttentionScorer {
    try check(source)
    let d = configuration.hiddenSize
    let rows = source.texts.map(\.count)
    let memory = try arena.floats(rows: rows.reduce(0, +), columns: d)
    let first = try arena.floats(rows: 1, columns: d)
    let inner = arena.mark
    let last = try arena.floats(rows: 1, columns: d * encoders.count)
    var (parts, from) = ([FloatView](), 0)
    for (index, text) in source.texts.enumerated() {
      let states = memory.rows(from: from, count: text.count)
      try encoders[index].encode(text, embedding, into: states, last: last.base + index * d, arena: arena)
      parts.append(states)
      from += text.count
    }
    try merge?.apply(parts[0], parts[1], arena: arena)
    try start.apply(last, into: first, activation: .tanh, arena: arena)
    arena.release(to: inner)
    let (attended, copies) = attended(memory, rows, source.copies)
    return try BiAttentionScorer(
      network: self, memory: attended, copies: copies, extras: source.extras, first: first, options: options, arena: arena)
  }

  /// The part of v that the decoder attends to, and its words.
  private func attended(_ memory: FloatView, _ rows: [Int], _ copies: [Int32]) -> (FloatView, [Int32]) {
    switch configuration.variant {
    case .postAttention: (memory.rows(from: 0, count: rows[0]), Array(copies.prefix(rows[0])))
    case .conversationAttention: (memory.rows(from: rows[0], count: rows[1]), Array(copies.dropFirst(rows[0])))
    case .post, .conversation, .joined, .biAttention: (memory, copies)
    }
  }

  private func check(_ source: Source) throws(TensorError) {
    let limits = configuration.textLimits
    precondition(source.texts.count == limits.count, "one text for each encoder")
    for (text, limit) in zip(source.texts, limits) {
      guard (1...limit).contains(text.count) else { throw .tokenCount(text.count, allowed: 1...limit) }
      try text.withUnsafeBufferPointer { (words) throws(TensorError) in try embedding.check(words) }
    }
    if configuration.copies {
      let (count, outputs) = (source.texts.reduce(0) { $0 + $1.count }, configuration.outputs + source.extras)
      precondition(source.copies.count == count && source.copies.allSatisfy { $0 >= 0 && Int($0) < outputs })
    }
  }

  /// Arena bytes that `decode` needs for the longest texts.
  package func scratch(_ options: BeamOptions) -> Int {
    let limits = configuration.textLimits
    let (rows, d) = (limits.reduce(0, +), configuration.hiddenSize)
    let encoding =
      Arena.bytes(d * encoders.count, Float.self)
      + max(
        zip(encoders, limits).map { $0.scratch(length: $1) }.max() ?? 0,
        merge?.scratch(post: limits[0], conversation: limits[1]) ?? 0, start.scratch(rows: 1))
    let extras = configuration.copies ? rows : 0
    let decoding =
      BiAttentionScorer.scratch(decoder, memoryRows: rows, extras: extras, options: options, configuration)
      + BeamSearch.scratch(
        vocabularySize: configuration.outputs + extras, options: options, steps: configuration.longest + 1)
    return Arena.bytes(rows * d, Float.self) + Arena.bytes(d, Float.self) + max(encoding, decoding)
  }
}
