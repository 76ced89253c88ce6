extension TensorRule {
  /// BART's position tables begin with two rows that are never read (a padding index, from its fairseq days).
  static let bartPositionOffset = 2

  /// The generator: BART's encoder and decoder, and what the diffusion adds.
  static func bart(_ shape: GeneratorShape) -> [TensorRule] {
    encoder(shape.encoder) + decoder(shape) + diffusion(shape)
  }

  private static func encoder(_ shape: EncoderShape) -> [TensorRule] {
    let size = shape.hiddenSize
    let target = "generator/encoder"
    var rules = [
      TensorRule("model.shared.weight", "\(target)/embeddings.word", [shape.vocabularySize, size], .matrix),
      TensorRule(
        "model.encoder.embed_positions.weight", "\(target)/embeddings.position",
        [shape.maximumPositions + bartPositionOffset, size], .float(Reason.position), .droppingRows(bartPositionOffset)),
    ]
    rules += norm("model.encoder.layernorm_embedding", "\(target)/embeddings.norm", size)
    for layer in 0..<shape.layers {
      rules += attention(
        "model.encoder.layers.\(layer).self_attn", "\(target)/layers.\(layer).attention", size)
      rules += feedForward("model.encoder.layers.\(layer)", "\(target)/layers.\(layer)", size, shape.feedForwardSize)
    }
    return rules
  }

  private static func decoder(_ shape: GeneratorShape) -> [TensorRule] {
    let size = shape.encoder.hiddenSize
    var rules = [
      TensorRule(
        "model.decoder.embed_positions.weight", "generator/decoder/position",
        [shape.positions + bartPositionOffset, size], .float(Reason.position), .droppingRows(bartPositionOffset))
    ]
    rules += norm("model.decoder.layernorm_embedding", "generator/decoder/norm", size)
    for layer in 0..<shape.decoderLayers {
      let source = "model.decoder.layers.\(layer)"
      let target = "generator/decoder/layers.\(layer)"
      rules += attention("\(source).self_attn", "\(target).selfAttention", size)
      rules += attention("\(source).encoder_attn", "\(target).crossAttention", size)
      rules += feedForward(source, target, size, shape.decoderFeedForwardSize)
    }
    return rules
  }

  private static func diffusion(_ shape: GeneratorShape) -> [TensorRule] {
    let size = shape.encoder.hiddenSize
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
