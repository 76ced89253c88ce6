// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// Maps a sentence to a vector of length 1: the pooled last hidden states of BERT or RoBERTa (`SentencePooling`). Both the
/// retriever (ASSIGNER Eq. 1) and the selector (Eq. 2) are sentence encoders.
package struct SentenceEncoder: Sendable {
  package let encoder: Encoder
  /// The text that preceded every text in training, and must precede it now (the metadata's `prompt`); may be empty.
  package let prompt: String
  private let pooling: SentencePooling

  /// - Parameter name: "retriever" or "selector".
  /// - Throws: `ContainerError`, which names the missing or invalid tensor or hyper-parameter.
  package init(file: ContainerFile, name: String, products: FloatProducts = .kernels) throws(ContainerError) {
    encoder = try Encoder(file: file, name: name, products: products)
    prompt = try Hyperparameters(file: file, path: [name]).text("prompt", default: "")
    pooling = try SentencePooling(
      Hyperparameters(file: file, path: [name]), TensorReader(file: file, prefix: name + "/", products: products),
      size: encoder.configuration.hiddenSize)
    try file.checkScratch(scratch)
  }

  /// Width d of the vectors.
  package var size: Int { encoder.configuration.hiddenSize }
  /// Longest sequence, special tokens included.
  package var maximumTokens: Int { encoder.configuration.maximumTokens }

  /// Writes the embedding of `tokens`, special tokens included, to `output` [d]. Needs `scratch(tokens:)` bytes of arena.
  package func encode(
    _ tokens: UnsafeBufferPointer<Int32>, into output: UnsafeMutableBufferPointer<Float>, arena: Arena
  ) throws(TensorError) {
    precondition(output.count == size)
    guard let result = output.baseAddress else { return }
    try encoder.check(tokens)
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let states = try arena.floats(rows: tokens.count, columns: size)
    try encoder.encode(tokens, into: states, arena: arena)
    try pooling.apply(states, into: result, arena: arena)
    Kernels.normalize(result, count: size)
  }

  /// Embeds an array of tokens.
  package func encode(
    _ tokens: [Int32], into output: UnsafeMutableBufferPointer<Float>, arena: Arena
  ) throws(TensorError) {
    let result = tokens.withUnsafeBufferPointer { buffer in
      Result { () throws(TensorError) in try encode(buffer, into: output, arena: arena) }
    }
    try result.get()
  }

  /// The embedding as an array, for tools and tests.
  package func encode(_ tokens: [Int32], arena: Arena) throws(TensorError) -> [Float] {
    var embedding = [Float](repeating: 0, count: size)
    let result = embedding.withUnsafeMutableBufferPointer { buffer in
      Result { () throws(TensorError) in try encode(tokens, into: buffer, arena: arena) }
    }
    try result.get()
    return embedding
  }

  /// Writes the embeddings of several sequences, special tokens included, to the rows of `output` [sequences, d]. Each is
  /// bit-identical to the embedding of the sequence alone. The network encodes as many sequences together as fit `scratch`
  /// bytes of arena, without padding.
  package func encode(batch: [[Int32]], into output: FloatView, arena: Arena) throws(TensorError) {
    precondition(output.rows == batch.count && output.columns == size)
    for part in encoder.batches(of: batch) {
      try encode(batch[part], into: output.rows(from: part.lowerBound, count: part.count), arena: arena)
    }
  }

  /// The embeddings as arrays.
  package func encode(batch: [[Int32]], arena: Arena) throws(TensorError) -> [[Float]] {
    var values = [Float](repeating: 0, count: batch.count * size)
    let result = values.withUnsafeMutableBufferPointer { buffer in
      Result { () throws(TensorError) in
        guard let base = buffer.baseAddress else { return }
        try encode(batch: batch, into: FloatView(base, rows: batch.count, columns: size), arena: arena)
      }
    }
    try result.get()
    return batch.indices.map { Array(values[$0 * size..<($0 + 1) * size]) }
  }

  /// Encodes sequences that fit in one batch.
  private func encode(
    _ sequences: ArraySlice<[Int32]>, into output: FloatView, arena: Arena
  ) throws(TensorError) {
    let rows = sequences.reduce(0) { $0 + $1.count }
    // A longer sequence would be alone in its batch.
    guard rows <= encoder.maximumBatchTokens else { throw .tokenCount(rows, allowed: 1...maximumTokens) }
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let states = try arena.floats(rows: rows, columns: size)
    try encoder.encode(sequences, into: states, arena: arena)
    var row = 0
    for (place, sequence) in sequences.enumerated() {
      let vector = output.row(place)
      try pooling.apply(states.rows(from: row, count: sequence.count), into: vector, arena: arena)
      Kernels.normalize(vector, count: size)
      row += sequence.count
    }
  }

  /// Arena bytes that a sequence of this many tokens needs.
  package func scratch(tokens: Int) -> Int {
    Arena.bytes(tokens * size, Float.self) + max(encoder.scratch(tokens: tokens), pooling.scratch)
  }

  /// Arena bytes that any call needs.
  package var scratch: Int {
    Arena.bytes(encoder.maximumBatchTokens * size, Float.self) + max(encoder.batchScratch, pooling.scratch)
  }
}
