// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// The layers of the decoder (Microblog Hashtag Generation, Eq. 8-10).
struct AttentiveDecoder: Sendable {
  /// Reads the embedding of the last word.
  let gru: GRU
  /// W_att [d, d], applied to v.
  let attention: Linear
  /// W_v [outputs, 2 d], applied to [s; c].
  let output: Linear
  /// [1, 2 d]: the logit of the share of copied words. Nil for a network that does not copy.
  let copy: Linear?

  /// Reads "generator/decoder/…".
  init(file: ContainerFile, _ sizes: BiAttentionConfiguration) throws(ContainerError) {
    let reader = TensorReader(file: file, prefix: ModelLayout.prefix(of: ModelLayout.generatorDecoder))
    let d = sizes.hiddenSize
    gru = try GRU(reader, "gru", inputs: sizes.embeddingSize, size: d)
    attention = Linear(weights: try reader.weights("attention.weight", rows: d, columns: d), bias: nil)
    output = try reader.linear("output", outputs: sizes.outputs, inputs: 2 * d)
    copy = sizes.copies ? try reader.linear("copy", outputs: 1, inputs: 2 * d) : nil
  }
}
