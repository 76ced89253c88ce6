extension TensorRule {
  /// Tensors of a Hugging Face `BertModel` that a sentence encoder with mean pooling has no use for.
  static let ignorableBERT: Set<String> = [
    // The pooler serves next-sentence prediction.
    "pooler.dense.weight", "pooler.dense.bias",
    // 0, 1, 2, …: a buffer that older versions saved.
    "embeddings.position_ids",
  ]

  /// A `BertModel` without its pooler.
  /// - Parameter network: "retriever" or "selector".
  static func bert(_ shape: EncoderShape, typeVocabularySize: Int, network: String) -> [TensorRule] {
    let size = shape.hiddenSize
    var rules = [
      TensorRule(
        "embeddings.word_embeddings.weight", "\(network)/embeddings.word", [shape.vocabularySize, size], .matrix),
      TensorRule(
        "embeddings.position_embeddings.weight", "\(network)/embeddings.position", [shape.maximumPositions, size],
        .float(Reason.position),
        .addingFirstRow(of: "embeddings.token_type_embeddings.weight", rows: typeVocabularySize)),
    ]
    rules += norm("embeddings.LayerNorm", "\(network)/embeddings.norm", size)
    for layer in 0..<shape.layers {
      let source = "encoder.layer.\(layer)"
      let target = "\(network)/layers.\(layer)"
      for name in ["query", "key", "value"] {
        rules += linear("\(source).attention.self.\(name)", "\(target).attention.\(name)", size, size)
      }
      rules += linear("\(source).attention.output.dense", "\(target).attention.output", size, size)
      rules += norm("\(source).attention.output.LayerNorm", "\(target).attention.norm", size)
      rules += linear("\(source).intermediate.dense", "\(target).feedForward.up", shape.feedForwardSize, size)
      rules += linear("\(source).output.dense", "\(target).feedForward.down", size, shape.feedForwardSize)
      rules += norm("\(source).output.LayerNorm", "\(target).feedForward.norm", size)
    }
    return rules
  }
}
