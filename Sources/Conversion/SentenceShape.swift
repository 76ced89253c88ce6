// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The hyper-parameters of a sentence encoder, from a Hugging Face configuration, and the layout of its checkpoint.
struct SentenceShape: Equatable, Sendable {
  enum Family: String, Sendable {
    case bert, roberta
  }

  let family: Family
  /// Its `maximumPositions` excludes the unused rows of the position table.
  let encoder: EncoderShape
  let maximumTokens: Int
  /// Rows of the token-type table. Only the first is used.
  let typeVocabularySize: Int
  /// Rows of the position table before the first token's row: RoBERTa counts positions from the padding token's id + 1.
  let positionOffset: Int

  /// - Parameters:
  ///   - maximumTokens: the longest input that the user asks for; nil means `limit`, or fewer if there are fewer positions.
  /// - Throws: `JSONError` for a setting that this program does not support.
  init(_ config: JSONValue, maximumTokens: Int?, limit: Int) throws(JSONError) {
    switch try config.string("model_type") {
    case "bert": family = .bert
    // XLM-R is RoBERTa with another vocabulary.
    case "roberta", "xlm-roberta": family = .roberta
    case let type:
      throw JSONError(
        keyPath: "model_type", message: "is \"\(type)\"; only \"bert\", \"roberta\" and \"xlm-roberta\" are supported")
    }
    positionOffset = family == .bert ? 0 : try config.integer("pad_token_id", in: 0...1024) + 1
    encoder = try EncoderShape(sentence: config, positionOffset: positionOffset)
    typeVocabularySize = try config.integer("type_vocab_size", in: 1...1024)
    let maximumTokens = maximumTokens ?? min(limit, encoder.maximumPositions)
    self.maximumTokens = maximumTokens
    guard maximumTokens <= encoder.maximumPositions else {
      throw JSONError(
        keyPath: "max_position_embeddings",
        message: "leaves \(encoder.maximumPositions) positions, fewer than \(maximumTokens) tokens (--max-tokens)")
    }
  }

  /// "bert." or "roberta." if the encoder is part of a network with heads, else "".
  func prefix(in tensors: any TensorSource) -> String {
    let prefix = family.rawValue + "."
    return tensors.shape(prefix + "embeddings.word_embeddings.weight") == nil ? "" : prefix
  }

  /// The name of the pooler layer. SimCSE's training saves it as "mlp.dense". If a checkpoint has that, its "pooler" is
  /// untrained.
  static func pooler(in tensors: any TensorSource, prefix: String) -> String {
    tensors.shape("mlp.dense.weight") == nil ? prefix + "pooler.dense" : "mlp.dense"
  }

  /// The names of tensors that a sentence encoder does not use.
  static func ignorable(in tensors: any TensorSource, prefix: String) -> Set<String> {
    Set(
      tensors.names.filter { name in
        // The pooler is for next-sentence prediction, unless the user asks for it; position_ids is 0, 1, 2, …
        let part = name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : ""
        return ["pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids"].contains(part)
          || heads.contains { name.hasPrefix($0) }
      })
  }

  /// The heads for masked language modelling, next-sentence prediction and classification, and SimCSE's layer, which is read
  /// only as the pooler.
  private static let heads = ["lm_head.", "cls.", "classifier.", "mlp.dense."]
}
