// SPDX-License-Identifier: Apache-2.0

extension TensorRule {
  /// BART's position tables begin with two rows that are never read (a padding index, from its fairseq days).
  static let bartPositionOffset = 2

  /// BART's generator as `BartForConditionalGeneration` or `BartModel` saves it.
  ///
  /// - Parameter prefix: of the encoder's and decoder's names: "model." for the former, nothing for the latter.
  static func bart(_ shape: BARTShape, prefix: String) -> [TensorRule] {
    let table = [shape.encoder.vocabularySize, shape.encoder.hiddenSize]
    var words = TensorRule("\(prefix)shared.weight", "generator/encoder/embeddings.word", table, .table(isMultiplied: true))
    words.ties = ["\(prefix)encoder.embed_tokens.weight", "\(prefix)decoder.embed_tokens.weight", "lm_head.weight"]
    var bias = TensorRule(
      "final_logits_bias", "generator/finalBias", [1, table[0]], .float(Reason.bias), .flattening)
    bias.isOptional = true
    return [words] + encoder(shape.encoder, prefix: prefix)
      + decoder(shape, positions: shape.encoder.maximumPositions, prefix: prefix) + [bias]
  }

  /// What older files hold beside it.
  static let ignorableBART: Set<String> = [
    "encoder.version", "decoder.version", "model.encoder.version", "model.decoder.version",
  ]

  /// Our own generator: BART's encoder and decoder, and what the diffusion adds.
  static func generator(_ shape: GeneratorShape) -> [TensorRule] {
    let encoder = shape.bart.encoder
    let words = TensorRule(
      "model.shared.weight", "generator/encoder/embeddings.word", [encoder.vocabularySize, encoder.hiddenSize],
      .table(isMultiplied: false))
    return [words] + Self.encoder(encoder, prefix: "model.")
      + decoder(shape.bart, positions: shape.positions, prefix: "model.") + diffusion(shape)
  }

  /// All but the words.
  private static func encoder(_ shape: EncoderShape, prefix: String) -> [TensorRule] {
    let size = shape.hiddenSize
    let target = "generator/encoder"
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
        "\(prefix)decoder.embed_positions.weight", "generator/decoder/position",
        [positions + bartPositionOffset, size], .float(Reason.position), .droppingRows(bartPositionOffset))
    ]
    rules += norm("\(prefix)decoder.layernorm_embedding", "generator/decoder/norm", size)
    for layer in 0..<shape.decoderLayers {
      let source = "\(prefix)decoder.layers.\(layer)"
      let target = "generator/decoder/layers.\(layer)"
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
      linear("diffusion.\(source).0", "generator/diffusion/\(target).up", size, input, storage)
        + linear("diffusion.\(source).2", "generator/diffusion/\(target).down", output, size, storage)
    }
    return [
      TensorRule(
        "diffusion.token_embedding.weight", "generator/diffusion/tokenEmbedding", [shape.vocabularySize, width],
        .float(Reason.rounding)),
      TensorRule("final_logits_bias", "generator/finalBias", [1, shape.vocabularySize], .float(Reason.bias), .flattening),
      TensorRule(
        "diffusion.alpha_bar", "generator/diffusion/alphaBar", [shape.timesteps + 1, shape.positions],
        .float(Reason.schedule)),
    ]
      + pair("time_embed", "time", size, size)
      + pair("input_projection", "input", inputWidth, size)
      + pair("output_projection", "output", size, width)
  }

  /// Hugging Face names the norm behind an attention after it: `self_attn` and `self_attn_layer_norm`.
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
