// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Transformer

/// The hyper-parameters of the diffusion: the metadata's "generator.diffusion".
package struct DiffusionConfiguration: Sendable, Equatable {
  /// Width m of a noisy token.
  package let embeddingSize: Int
  /// Length l of the target sequence.
  package let positions: Int
  /// Number of training steps T.
  package let timesteps: Int
  /// Number V of pieces in the generation vocabulary.
  package let vocabularySize: Int
  /// The pieces <s>, <pad>, </s>.
  package let bos, pad, eos: Int32
  /// The factor for the scores of the final pass.
  package let logitScale: Float
  /// Whether the network also reads its previous prediction.
  package let selfConditioning: Bool
  /// Whether a layer norm follows the input projection, as in SeqDiffuSeq; false by default.
  package let normalizesInput: Bool

  init(file: ContainerFile) throws(ContainerError) {
    let parameters = try Hyperparameters(file: file, path: [ModelLayout.generator, "diffusion"])
    embeddingSize = try parameters.integer("embeddingSize", in: 1...16384)
    positions = try parameters.integer("positions", in: 1...4096)
    timesteps = try parameters.integer("timesteps", in: 1...100_000)
    vocabularySize = try parameters.integer("vocabularySize", in: 1...(1 << 24))
    let pieces = 0...vocabularySize - 1
    bos = Int32(try parameters.integer("bos", in: pieces))
    pad = Int32(try parameters.integer("pad", in: pieces))
    eos = Int32(try parameters.integer("eos", in: pieces))
    selfConditioning = try parameters.bool("selfConditioning")
    normalizesInput = parameters.contains("normalizesInput") ? try parameters.bool("normalizesInput") : false
    logitScale = Float(try parameters.number("logitScale"))
    if !logitScale.isFinite { throw parameters.failure("logitScale is outside the range of a 32-bit float") }
  }
}
