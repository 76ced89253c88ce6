// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension TensorRule {
  /// BART's position tables begin with two unused rows, a remnant of fairseq's padding index.
  static let bartPositionOffset = 2

  /// The rules for a `BartForConditionalGeneration` or a `BartModel`.
  ///
  /// - Parameter prefix: what the names of encoder and decoder begin with: "model." for the former, "" for the latter.
  static func bart(_ shape: BARTShape, prefix: String) -> [TensorRule] {
    let table = [shape.encoder.vocabularySize, shape.encoder.hiddenSize]
    var words = TensorRule("\(prefix)shared.weight", wordEmbeddings, table, .table(isMultiplied: true))
    words.ties = ["\(prefix)encoder.embed_tokens.weight", "\(prefix)decoder.embed_tokens.weight", "lm_head.weight"]
    var bias = TensorRule(
      "final_logits_bias", ModelLayout.finalBias, [1, table[0]], .float(Reason.bias), .flattening)
    bias.isOptional = true
    return [words] + encoder(shape.encoder, prefix: prefix)
      + decoder(shape, positions: shape.encoder.maximumPositions, prefix: prefix) + [bias]
  }

  /// Unused tensors in older checkpoints.
  static let ignorableBART: Set<String> = [
    "encoder.version", "decoder.version", "model.encoder.version", "model.decoder.version",
  ]

  private static let wordEmbeddings = "\(ModelLayout.generatorEncoder)/embeddings.word"

  /// The rules for assigner's own generator: BART's encoder and decoder, and the tensors of the diffusion.
  static func generator(_ shape: GeneratorShape) -> [TensorRule] {
    let encoder = shape.bart.encoder
    let words = TensorRule(
      "model.shared.weight", wordEmbeddings, [encoder.vocabularySize, encoder.hiddenSize], .words)
    return [words] + Self.encoder(encoder, prefix: "model.")
      + decoder(shape.bart, positions: shape.positions, prefix: "model.") + diffusion(shape)
  }

  /// The encoder without its word embeddings.
  private static func encoder(_ shape: EncoderShape, prefix: String) -> [TensorRule] {
    let size = shape.hiddenSize
    let target = ModelLayout.generatorEncoder
    var rules = [
      TensorRule(
        "\(prefix)encoder.embed_positions.weight", "\(target)/embeddings.position",
        [shape.maximumPositions + bartPositionOffset, size], .float(Reason.position), .droppingRows(bartPositionOffset))
    ]
    rules += norm("\(prefix)encoder.layernorm_embedding", "\(target)/embeddings.norm", size)
    for layer in 0..<shape.layers {
      rules += attention(
        "\(prefix)encoder.layers.\(layer).self_attn", "\(target)/layers.\(layer).attention", size)
      rules += feedForward(
        "\(prefix)encoder.layers.\(layer)", "\(target)/layers.\(layer)", size, shape.feedForwardSize)
    }
    return rules
  }

  private static func decoder(_ shape: BARTShape, positions: Int, prefix: String) -> [TensorRule] {
    let size = shape.encoder.hiddenSize
    var rules = [
      TensorRule(
        "\(prefix)decoder.embed_positions.weight", "\(ModelLayout.generatorDecoder)/position",
        [positions + bartPositionOffset, size], .float(Reason.position), .droppingRows(bartPositionOffset))
    ]
    rules += norm("\(prefix)decoder.layernorm_embedding", "\(ModelLayout.generatorDecoder)/norm", size)
    for layer in 0..<shape.decoderLayers {
      let source = "\(prefix)decoder.layers.\(layer)"
      let target = "\(ModelLayout.generatorDecoder)/layers.\(layer)"
      rules += attention("\(source).self_attn", "\(target).selfAttention", size)
      rules += attention("\(source).encoder_attn", "\(target).crossAttention", size)
      rules += feedForward(source, target, size, shape.decoderFeedForwardSize)
    }
    return rules
  }

  private static func diffusion(_ shape: GeneratorShape) -> [TensorRule] {
    let size = shape.bart.encoder.hiddenSize
    let width = shape.embeddingSize
    let inputWidth = shape.selfConditioning ? 2 * width : width
    let storage = Storage.float(Reason.diffusion)
    func pair(_ source: String, _ target: String, _ input: Int, _ output: Int) -> [TensorRule] {
      linear("diffusion.\(source).0", "\(ModelLayout.diffusion)/\(target).up", size, input, storage)
        + linear("diffusion.\(source).2", "\(ModelLayout.diffusion)/\(target).down", output, size, storage)
    }
    return [
      TensorRule(
        "diffusion.token_embedding.weight", "\(ModelLayout.diffusion)/tokenEmbedding", [shape.vocabularySize, width],
        .float(Reason.rounding)),
      TensorRule("final_logits_bias", ModelLayout.finalBias, [1, shape.vocabularySize], .float(Reason.bias), .flattening),
      TensorRule(
        "diffusion.alpha_bar", "\(ModelLayout.diffusion)/alphaBar", [shape.timesteps + 1, shape.positions],
        .float(Reason.schedule)),
    ]
      + pair("time_embed", "time", size, size)
      + pair("input_projection", "input", inputWidth, size)
      + pair("output_projection", "output", size, width)
  }

  /// An attention block and its norm. Hugging Face names the norm after the attention: `self_attn`, `self_attn_layer_norm`.
  private static func attention(_ source: String, _ target: String, _ size: Int) -> [TensorRule] {
    let names = [("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value"), ("out_proj", "output")]
    return names.flatMap { linear("\(source).\($0.0)", "\(target).\($0.1)", size, size) }
      + norm("\(source)_layer_norm", "\(target).norm", size)
  }

  private static func feedForward(_ source: String, _ target: String, _ size: Int, _ inner: Int) -> [TensorRule] {
    linear("\(source).fc1", "\(target).feedForward.up", inner, size)
      + linear("\(source).fc2", "\(target).feedForward.down", size, inner)
      + norm("\(source).final_layer_norm", "\(target).feedForward.norm", size)
  }
}
