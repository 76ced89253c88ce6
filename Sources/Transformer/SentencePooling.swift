// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// Combines the last hidden states of a sentence to one vector. The first token is [CLS] or <s>.
enum SentencePooling: Sendable {
  /// The mean over all tokens, special tokens included, as in sentence-transformers.
  case mean
  /// The first token's state, as in unsupervised SimCSE ("cls before pooler") and many sentence-transformers models.
  case first
  /// tanh(W s + b) of the first token's state s: BERT's pooler, as in supervised SimCSE.
  case firstThroughLayer(Linear)

  /// Reads the metadata's `pooling`: "mean" (the default), "cls" or "cls-mlp". The last one reads "NAME/pooler.weight"
  /// [d, d] and "NAME/pooler.bias" [d].
  init(_ parameters: Hyperparameters, _ reader: TensorReader, size: Int) throws(ContainerError) {
    switch try parameters.choice("pooling", of: ["mean", "cls", "cls-mlp"], default: "mean") {
    case "cls": self = .first
    case "cls-mlp": self = .firstThroughLayer(try reader.linear("pooler", outputs: size, inputs: size))
    default: self = .mean
    }
  }

  /// Writes the vector of `states` [n, d] to `output` [d], not normalised.
  func apply(_ states: FloatView, into output: UnsafeMutablePointer<Float>, arena: Arena) throws(TensorError) {
    switch self {
    case .mean: Kernels.meanOfRows(states, into: output)
    case .first: output.update(from: states.row(0), count: states.columns)
    case .firstThroughLayer(let layer):
      try layer.apply(
        states.rows(from: 0, count: 1), into: FloatView(output, rows: 1, columns: states.columns), activation: .tanh,
        arena: arena)
    }
  }

  /// Arena bytes that `apply` needs.
  var scratch: Int {
    if case .firstThroughLayer(let layer) = self { layer.scratch(rows: 1) } else { 0 }
  }
}
