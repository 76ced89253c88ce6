// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The hyper-parameters of a sentence encoder, from a Hugging Face configuration, and how its checkpoint is laid out.
struct SentenceShape: Equatable, Sendable {
  enum Family: String, Sendable {
    case bert, roberta
  }

  let family: Family
  /// Its positions are those that a text can have.
  let encoder: EncoderShape
  let maximumTokens: Int
  /// Rows of the token-type table, of which the first is used.
  let typeVocabularySize: Int
  /// Rows of the position table before the first token's: RoBERTa counts positions from its padding token's number + 1.
  let positionOffset: Int

  /// - Parameters:
  ///   - maximumTokens: the longest text that a person asks for, nil for `limit`, or what positions leave of it.
  /// - Throws: `JSONError` for what this program cannot compute.
  init(_ config: JSONValue, maximumTokens: Int?, limit: Int) throws(JSONError) {
    switch try config.string("model_type") {
    case "bert": family = .bert
    case "roberta": family = .roberta
    case let type:
      throw JSONError(keyPath: "model_type", message: "is \"\(type)\"; only \"bert\" and \"roberta\" are supported")
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

  /// "bert." or "roberta." where the encoder is a part of a network with heads, "" where it stands alone.
  func prefix(in tensors: any TensorSource) -> String {
    let prefix = family.rawValue + "."
    return tensors.shape(prefix + "embeddings.word_embeddings.weight") == nil ? "" : prefix
  }

  /// The layer behind the first token. SimCSE's training keeps it as "mlp.dense"; where a checkpoint has that, the pooler
  /// is not what was trained.
  static func pooler(in tensors: any TensorSource, prefix: String) -> String {
    tensors.shape("mlp.dense.weight") == nil ? prefix + "pooler.dense" : "mlp.dense"
  }

  /// Names that a sentence encoder has no use for.
  static func ignorable(in tensors: any TensorSource, prefix: String) -> Set<String> {
    Set(
      tensors.names.filter { name in
        // The pooler serves next-sentence prediction, unless it is asked for; position_ids is 0, 1, 2, …
        let part = name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : ""
        return ["pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids"].contains(part)
          || heads.contains { name.hasPrefix($0) }
      })
  }

  /// Those of masked language modelling and next-sentence prediction, classifiers, and SimCSE's own layer, which is read
  /// in the pooler's place where that is asked for.
  private static let heads = ["lm_head.", "cls.", "classifier.", "mlp.dense."]
}
