// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// The generation vocabulary's embeddings E [V, m], for rounding (ASSIGNER Eq. 13) and the scores of the final pass (Eq. 14).
package struct Rounding: Sendable {
  package let embedding: Embedding
  private let products: Linear
  private let bias: [Float]
  private let logitScale: Float

  init(file: ContainerFile, configuration: DiffusionConfiguration, products floatProducts: FloatProducts) throws(ContainerError) {
    let reader = TensorReader(file: file, prefix: ModelLayout.prefix(of: ModelLayout.generator), products: floatProducts)
    let table = try reader.weights(
      "diffusion/tokenEmbedding", rows: configuration.vocabularySize, columns: configuration.embeddingSize)
    embedding = Embedding(table)
    products = Linear(weights: table, bias: nil)
    bias = try file.array(ModelLayout.finalBias, as: Float.self, shape: [configuration.vocabularySize])
    logitScale = configuration.logitScale
  }

  /// Finds the piece nearest to each row of `x0` [l, m]: the largest product, because all rows of E have the same length. Among
  /// equals it is the piece with the lowest number.
  package func round(_ x0: FloatView, into tokens: UnsafeMutablePointer<Int32>, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let scores = try arena.floats(rows: x0.rows, columns: embedding.rows)
    try products.apply(x0, into: scores, arena: arena)
    for position in 0..<x0.rows {
      tokens[position] = Int32(Kernels.argmax(scores.row(position), count: embedding.rows))
    }
  }

  /// Computes the scores logitScale × E x0 + bias of every piece, [l, V].
  package func logits(_ x0: FloatView, into scores: FloatView, arena: Arena) throws(TensorError) {
    try products.apply(x0, into: scores, arena: arena)
    bias.withUnsafeBufferPointer { bias in
      for position in 0..<x0.rows {
        let row = scores.row(position)
        for piece in bias.indices { row[piece] = logitScale * row[piece] + bias[piece] }
      }
    }
  }

  /// Arena bytes that `round` or `logits` needs for `rows` rows, without the scores [rows, V].
  func scratch(rows: Int) -> Int { products.scratch(rows: rows) }
}
