// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// BERT's encoder: word and position embeddings (token type 0 is added to the positions), layer norm, post-norm layers. It is
/// also BART's encoder (ASSIGNER Eq. 4), after the first two rows of BART's position table are dropped.
package struct Encoder: Sendable {
  package let configuration: EncoderConfiguration
  let words: Embedding
  let positions: Embedding
  let norm: LayerNorm
  let layers: [EncoderLayer]

  /// - Parameter name: "retriever", "selector" or "generator/encoder": the prefix of the tensors' names, and the path
  ///   of the hyper-parameters in the metadata.
  /// - Throws: `ContainerError`, which names the missing or invalid tensor or hyper-parameter.
  package init(file: ContainerFile, name: String, products: FloatProducts = .kernels) throws(ContainerError) {
    configuration = try EncoderConfiguration(
      Hyperparameters(file: file, path: name.split(separator: "/").map(String.init)))
    let (d, epsilon) = (configuration.hiddenSize, configuration.layerNormEpsilon)
    let reader = TensorReader(file: file, prefix: name + "/", products: products)
    words = try reader.embedding("embeddings.word", rows: configuration.vocabularySize, size: d)
    positions = try reader.embedding("embeddings.position", rows: configuration.maximumPositions, size: d)
    norm = try reader.layerNorm("embeddings.norm", size: d, epsilon: epsilon)
    var layers: [EncoderLayer] = []
    for index in 0..<configuration.layers {
      layers.append(try EncoderLayer(reader.part("layers.\(index)."), configuration.layer))
    }
    self.layers = layers
  }

  /// Writes the last hidden states of one sequence, special tokens included, to `output` [tokens.count, d].
  ///
  /// Needs `scratch(tokens:)` bytes of arena. Throws `tokenCount` or `tokenOutOfRange` for an invalid sequence.
  package func encode(
    _ tokens: UnsafeBufferPointer<Int32>, into output: FloatView, arena: Arena
  ) throws(TensorError) {
    try check(tokens)
    precondition(output.rows == tokens.count && output.columns == configuration.hiddenSize)
    embed(tokens, into: output, from: 0)
    norm.apply(output)
    for layer in layers { try layer.apply(output, arena: arena) }
  }

  /// Encodes several sequences. Their states follow each other in `output` [all tokens, d], without padding. Each sequence gets
  /// the same states as alone. Needs `batchScratch` bytes of arena.
  package func encode(_ sequences: ArraySlice<[Int32]>, into output: FloatView, arena: Arena) throws(TensorError) {
    let lengths = sequences.map(\.count)
    precondition(output.rows == lengths.reduce(0, +) && output.columns == configuration.hiddenSize)
    var row = 0
    for sequence in sequences {
      try sequence.withUnsafeBufferPointer { tokens in
        Result { () throws(TensorError) in
          try check(tokens)
          embed(tokens, into: output, from: row)
        }
      }.get()
      row += sequence.count
    }
    norm.apply(output)
    for layer in layers { try layer.apply(output, lengths: lengths, arena: arena) }
  }

  /// The most tokens in a batch, unless a single sequence is longer. With this many, the cost of reading a layer's weights from
  /// beyond the second-level cache is negligible.
  package var maximumBatchTokens: Int { max(configuration.maximumTokens, 512) }

  /// Groups sequences into batches of at most `maximumBatchTokens` tokens.
  package func batches(of sequences: [[Int32]]) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var (first, rows) = (0, 0)
    for (place, sequence) in sequences.enumerated() {
      if place > first, rows + sequence.count > maximumBatchTokens {
        batches.append(first..<place)
        (first, rows) = (place, 0)
      }
      rows += sequence.count
    }
    if first < sequences.count { batches.append(first..<sequences.count) }
    return batches
  }

  /// Writes the word and position embeddings of a checked sequence to the rows from `first` on.
  private func embed(_ tokens: UnsafeBufferPointer<Int32>, into output: FloatView, from first: Int) {
    for (position, token) in tokens.enumerated() {
      embed(token, into: output.row(first + position))
      positions.add(position, to: output.row(first + position))
    }
  }

  /// Encodes an array. The states stay in the arena until the caller releases it.
  package func encode(_ tokens: [Int32], arena: Arena) throws(TensorError) -> FloatView {
    try tokens.withUnsafeBufferPointer { tokens in
      Result { () throws(TensorError) in
        try check(tokens)
        let states = try arena.floats(rows: tokens.count, columns: configuration.hiddenSize)
        try encode(tokens, into: states, arena: arena)
        return states
      }
    }.get()
  }

  /// Writes a token's word embedding to `row` [d], times sqrt(d) if the network scales embeddings. BART's decoder shares these
  /// embeddings. The caller has checked the token.
  func embed(_ token: Int32, into row: UnsafeMutablePointer<Float>) {
    words.copy(Int(token), to: row)
    guard configuration.scalesEmbeddings else { return }
    let scale = Float(Double(configuration.hiddenSize).squareRoot())
    for column in 0..<configuration.hiddenSize { row[column] *= scale }
  }

  /// Throws `tokenCount` or `tokenOutOfRange` if this encoder cannot encode the sequence.
  package func check(_ tokens: UnsafeBufferPointer<Int32>) throws(TensorError) {
    guard tokens.count >= 1, tokens.count <= configuration.maximumTokens else {
      throw .tokenCount(tokens.count, allowed: 1...configuration.maximumTokens)
    }
    try words.check(tokens)
  }

  /// Arena bytes that a sequence of this many tokens needs.
  package func scratch(tokens: Int) -> Int {
    layers.map { $0.scratch(rows: tokens) }.max() ?? 0
  }

  /// Arena bytes that any batch of sequences needs.
  package var batchScratch: Int { scratch(tokens: max(configuration.maximumTokens, EncoderLayer.block)) }
}
