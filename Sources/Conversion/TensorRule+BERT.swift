// SPDX-License-Identifier: Apache-2.0

extension TensorRule {
  /// The rules for the encoder of BERT or RoBERTa.
  /// - Parameters:
  ///   - prefix: what the names in the checkpoint begin with: "", "bert." or "roberta.".
  ///   - pooler: the name of the pooler layer; nil without one.
  ///   - network: "retriever" or "selector".
  static func sentence(
    _ shape: SentenceShape, prefix: String, pooler: String?, network: String
  ) -> [TensorRule] {
    let encoder = shape.encoder
    let size = encoder.hiddenSize
    let embeddings = prefix + "embeddings"
    var rules = [
      TensorRule(
        "\(embeddings).word_embeddings.weight", "\(network)/embeddings.word", [encoder.vocabularySize, size],
        .words),
      TensorRule(
        "\(embeddings).position_embeddings.weight", "\(network)/embeddings.position",
        [encoder.maximumPositions + shape.positionOffset, size], .float(Reason.position),
        .addingFirstRow(
          of: "\(embeddings).token_type_embeddings.weight", rows: shape.typeVocabularySize, dropping: shape.positionOffset)),
    ]
    rules += norm("\(embeddings).LayerNorm", "\(network)/embeddings.norm", size)
    for layer in 0..<encoder.layers {
      let source = "\(prefix)encoder.layer.\(layer)"
      let target = "\(network)/layers.\(layer)"
      for name in ["query", "key", "value"] {
        rules += linear("\(source).attention.self.\(name)", "\(target).attention.\(name)", size, size)
      }
      rules += linear("\(source).attention.output.dense", "\(target).attention.output", size, size)
      rules += norm("\(source).attention.output.LayerNorm", "\(target).attention.norm", size)
      rules += linear("\(source).intermediate.dense", "\(target).feedForward.up", encoder.feedForwardSize, size)
      rules += linear("\(source).output.dense", "\(target).feedForward.down", size, encoder.feedForwardSize)
      rules += norm("\(source).output.LayerNorm", "\(target).feedForward.norm", size)
    }
    if let pooler { rules += linear(pooler, "\(network)/pooler", size, size) }
    return rules
  }
}
