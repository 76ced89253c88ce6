// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The sizes of a bi-attention network (Microblog Hashtag Generation), from the config.json that
/// `assigner_training.bi_attention` writes.
struct BiAttentionShape: Equatable, Sendable {
  static let modelType = "assigner-bi-attention"

  let variant: String
  let words, outputs, embeddingSize, hiddenSize, layers: Int
  let copies: Bool
  let postWords, conversationWords, beams, longest: Int

  init(_ config: JSONValue) throws(JSONError) {
    try config.require("model_type", .string(Self.modelType))
    variant = try config.string("variant")
    guard Self.variants.keys.contains(variant) else {
      let known = Self.variants.keys.sorted().joined(separator: ", ")
      throw JSONError(keyPath: "variant", message: "is \"\(variant)\", not one of \(known)")
    }
    words = try config.integer("words", in: 4...(1 << 20))
    outputs = try config.integer("outputs", in: 4...words)
    embeddingSize = try config.integer("embedding", in: EncoderShape.limit)
    hiddenSize = try config.integer("hidden", in: EncoderShape.limit)
    guard hiddenSize % 2 == 0 else { throw JSONError(keyPath: "hidden", message: "is odd, but has two directions") }
    layers = try config.integer("layers", in: 1...64)
    copies = try config.bool("copy")
    postWords = try config.integer("post_words", in: 1...4096)
    conversationWords = try config.integer("conversation_words", in: 1...4096)
    beams = try config.integer("beams", in: 1...20)
    longest = try config.integer("longest", in: 1...1024)
  }

  /// The number of encoders of each variant.
  private static let variants = [
    "post": 1, "conversation": 1, "joined": 1, "post-attention": 2, "conversation-attention": 2, "bi-attention": 2,
  ]

  var encoders: Int { Self.variants[variant] ?? 1 }

  /// The object "generator" of the metadata.
  var metadata: JSONValue {
    [
      "kind": .string(GeneratorKind.biAttention.rawValue), "variant": .string(variant), "words": .integer(words),
      "outputs": .integer(outputs), "embeddingSize": .integer(embeddingSize), "hiddenSize": .integer(hiddenSize),
      "layers": .integer(layers), "copies": .bool(copies), "postWords": .integer(postWords),
      "conversationWords": .integer(conversationWords), "beams": .integer(beams), "longest": .integer(longest),
    ]
  }
}
