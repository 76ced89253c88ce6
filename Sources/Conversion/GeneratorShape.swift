// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The hyper-parameters of the generator: BART's, and those of the diffusion (member "diffusion" of `config.json`).
struct GeneratorShape: Equatable, Sendable {
  let bart: BARTShape
  /// Size of a noisy token embedding, m in the paper.
  let embeddingSize: Int
  /// Length of the target sequence, l in the paper.
  let positions: Int
  /// Diffusion steps in training, T in the paper.
  let timesteps: Int
  let vocabularySize: Int
  let bos: Int
  let pad: Int
  let eos: Int
  let selfConditioning: Bool
  let logitScale: Double

  init(_ config: JSONValue) throws(JSONError) {
    bart = try BARTShape(config)
    if bart.scalesEmbeddings { try config.require("scale_embedding", false) }
    _ = try config.integer("max_position_embeddings", in: EncoderShape.maximumTokens...(1 << 20))
    embeddingSize = try config.integer("diffusion", "embedding_dim", in: EncoderShape.limit)
    positions = try config.integer("diffusion", "positions", in: 1...4096)
    timesteps = try config.integer("diffusion", "timesteps", in: 1...100_000)
    vocabularySize = try config.integer("diffusion", "generation_vocab_size", in: 4...(1 << 24))
    bos = try config.integer("diffusion", "bos_token_id", in: 0...(vocabularySize - 1))
    pad = try config.integer("diffusion", "pad_token_id", in: 0...(vocabularySize - 1))
    eos = try config.integer("diffusion", "eos_token_id", in: 0...(vocabularySize - 1))
    selfConditioning = try config.bool("diffusion", "self_conditioning")
    logitScale = try config.number("diffusion", "logit_scale")
  }

  var metadata: JSONValue {
    [
      "encoder": bart.encoderMetadata(maximumTokens: EncoderShape.maximumTokens),
      "decoder": bart.decoderMetadata(positions: positions),
      "diffusion": [
        "embeddingSize": .integer(embeddingSize), "positions": .integer(positions), "timesteps": .integer(timesteps),
        "vocabularySize": .integer(vocabularySize), "bos": .integer(bos), "pad": .integer(pad), "eos": .integer(eos),
        "logitScale": .number(logitScale), "selfConditioning": .bool(selfConditioning),
      ],
    ]
  }
}

extension GeneratorShape {
  /// Checks that ᾱ is within 0...1 and falls from step to step at every position: the samplers divide by its differences.
  func checkSchedule(_ file: any TensorSource) throws(ConversionError) {
    let table = try file.floats("diffusion.alpha_bar")
    for index in table.indices {
      let place = "step \(index / positions), position \(index % positions)"
      guard (0...1).contains(table[index]) else { throw .schedule(path: file.path, "\(place) is \(table[index])") }
      guard index < positions || table[index] < table[index - positions] else {
        throw .schedule(path: file.path, "\(place) does not fall")
      }
    }
  }
}
