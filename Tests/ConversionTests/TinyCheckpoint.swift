// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Conversion
@testable import ModelFile

/// Three networks of a few hundred numbers each. A test can change every part before it is written.
struct TinyCheckpoint {
  static let size = 8
  static let inner = 12
  static let positions = 128
  static let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ";", "flood", "##s"]
  static let generationPieces = ["<s>", "<pad>", "</s>", "a", "##a"]

  var bertConfig: JSONValue = [
    "model_type": "bert", "hidden_act": "gelu", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
    "intermediate_size": 12, "vocab_size": 7, "max_position_embeddings": 128, "layer_norm_eps": 1e-12,
    "type_vocab_size": 2, "position_embedding_type": "absolute",
  ]
  var bartConfig: JSONValue = [
    "model_type": "bart", "activation_function": "gelu", "scale_embedding": false, "d_model": 8, "encoder_layers": 1,
    "encoder_attention_heads": 2, "encoder_ffn_dim": 12, "decoder_layers": 1, "decoder_attention_heads": 2,
    "decoder_ffn_dim": 12, "vocab_size": 7, "max_position_embeddings": 128, "layer_norm_eps": 1e-12,
    "diffusion": [
      "embedding_dim": 4, "positions": 3, "timesteps": 5, "generation_vocab_size": 5, "bos_token_id": 0,
      "pad_token_id": 1, "eos_token_id": 2, "self_conditioning": true, "logit_scale": 2.5,
    ],
  ]
  var tokenizer: JSONValue = ["do_lower_case": true, "strip_accents": nil, "tokenizer_class": "BertTokenizer"]
  var vocabulary = TinyCheckpoint.pieces.joined(separator: "\n") + "\n"
  var generationVocabulary = TinyCheckpoint.generationPieces.joined(separator: "\n") + "\n"
  var retriever = TinyCheckpoint.bert("retriever")
  var selector = TinyCheckpoint.bert("selector")
  var generator: [String: TestTensor] = [:]
  var ranking: String?
  /// hashtags.txt and the "vectors" of hashtags.safetensors, beside the selector.
  var hashtags: (text: String, vectors: TestTensor)?

  init() {
    generator = Self.bart(encoder: retriever)
  }

  static func linear(_ name: String, _ output: Int, _ input: Int, seed: String) -> [String: TestTensor] {
    [
      name + ".weight": TestTensor([output, input], seed: seed + name + "w"),
      name + ".bias": TestTensor([output], seed: seed + name + "b"),
    ]
  }

  static func norm(_ name: String, seed: String) -> [String: TestTensor] {
    [
      name + ".weight": TestTensor([size], seed: seed + name + "w"),
      name + ".bias": TestTensor([size], seed: seed + name + "b"),
    ]
  }

  static func bert(_ seed: String) -> [String: TestTensor] {
    var tensors: [String: TestTensor] = [
      "embeddings.word_embeddings.weight": TestTensor([pieces.count, size], seed: "words"),
      "embeddings.position_embeddings.weight": TestTensor([positions, size], seed: seed + "positions"),
      "embeddings.token_type_embeddings.weight": TestTensor([2, size], seed: seed + "types"),
      "pooler.dense.weight": TestTensor([size, size], seed: seed + "pooler"),
      "pooler.dense.bias": TestTensor([size], seed: seed + "pooler"),
    ]
    let layer = "encoder.layer.0"
    var parts = [norm("embeddings.LayerNorm", seed: seed)]
    for name in ["query", "key", "value"] { parts.append(linear("\(layer).attention.self.\(name)", size, size, seed: seed)) }
    parts.append(linear("\(layer).attention.output.dense", size, size, seed: seed))
    parts.append(norm("\(layer).attention.output.LayerNorm", seed: seed))
    parts.append(linear("\(layer).intermediate.dense", inner, size, seed: seed))
    parts.append(linear("\(layer).output.dense", size, inner, seed: seed))
    parts.append(norm("\(layer).output.LayerNorm", seed: seed))
    for part in parts { tensors.merge(part) { $1 } }
    return tensors
  }

  /// The encoder is the given BERT, with names mapped as the training code exports them.
  static func bart(encoder: [String: TestTensor]) -> [String: TestTensor] {
    func taken(_ name: String) -> TestTensor {
      guard let tensor = encoder[name] else { fatalError("the encoder has no \(name)") }
      return tensor
    }
    var tensors: [String: TestTensor] = [
      "model.shared.weight": taken("embeddings.word_embeddings.weight"),
      "model.decoder.embed_positions.weight": TestTensor([5, size], seed: "decoder positions"),
      "diffusion.token_embedding.weight": TestTensor([5, 4], seed: "tokens"),
      "diffusion.alpha_bar": TestTensor([6, 3], (0..<18).map { 1 - Float($0) / 18 }),
      "final_logits_bias": TestTensor([1, 5], seed: "logits"),
    ]
    let types = taken("embeddings.token_type_embeddings.weight").values
    var folded = taken("embeddings.position_embeddings.weight").values
    for index in folded.indices { folded[index] += types[index % size] }
    tensors["model.encoder.embed_positions.weight"] = TestTensor(
      [positions + 2, size], [Float](repeating: 9, count: 2 * size) + folded)
    for end in ["weight", "bias"] {
      tensors["model.encoder.layernorm_embedding.\(end)"] = taken("embeddings.LayerNorm.\(end)")
      let layer = "model.encoder.layers.0"
      for (bart, bert) in [
        ("self_attn.q_proj", "attention.self.query"), ("self_attn.k_proj", "attention.self.key"),
        ("self_attn.v_proj", "attention.self.value"), ("self_attn.out_proj", "attention.output.dense"),
        ("self_attn_layer_norm", "attention.output.LayerNorm"), ("fc1", "intermediate.dense"), ("fc2", "output.dense"),
        ("final_layer_norm", "output.LayerNorm"),
      ] { tensors["\(layer).\(bart).\(end)"] = taken("encoder.layer.0.\(bert).\(end)") }
    }
    let layer = "model.decoder.layers.0"
    var parts = [norm("model.decoder.layernorm_embedding", seed: "d")]
    for attention in ["self_attn", "encoder_attn"] {
      for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
        parts.append(linear("\(layer).\(attention).\(name)", size, size, seed: "d"))
      }
      parts.append(norm("\(layer).\(attention)_layer_norm", seed: "d"))
    }
    parts.append(linear("\(layer).fc1", inner, size, seed: "d"))
    parts.append(linear("\(layer).fc2", size, inner, seed: "d"))
    parts.append(norm("\(layer).final_layer_norm", seed: "d"))
    parts.append(linear("diffusion.time_embed.0", size, size, seed: "d"))
    parts.append(linear("diffusion.time_embed.2", size, size, seed: "d"))
    parts.append(linear("diffusion.input_projection.0", size, 8, seed: "d"))
    parts.append(linear("diffusion.input_projection.2", size, size, seed: "d"))
    parts.append(linear("diffusion.output_projection.0", size, size, seed: "d"))
    parts.append(linear("diffusion.output_projection.2", 4, size, seed: "d"))
    for part in parts { tensors.merge(part) { $1 } }
    return tensors
  }

  /// Writes the folders below `path`.
  func write(to path: String) throws {
    let networks = [
      ("retriever", bertConfig, retriever), ("selector", bertConfig, selector), ("generator", bartConfig, generator),
    ]
    for (name, config, tensors) in networks {
      let folder = path + "/" + name
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try ConversionTests.write(Array(config.serialized().utf8), to: folder + "/config.json")
      try ConversionTests.write(Array(tokenizer.serialized().utf8), to: folder + "/tokenizer_config.json")
      try ConversionTests.write(Array(vocabulary.utf8), to: folder + "/vocab.txt")
      try ConversionTests.write(safetensors(tensors), to: folder + "/model.safetensors")
    }
    try ConversionTests.write(Array(generationVocabulary.utf8), to: path + "/generator/generation_vocab.txt")
    if let hashtags {
      try ConversionTests.write(Array(hashtags.text.utf8), to: path + "/selector/hashtags.txt")
      try ConversionTests.write(safetensors(["vectors": hashtags.vectors]), to: path + "/selector/hashtags.safetensors")
    }
    if let ranking { try ConversionTests.write(Array(ranking.utf8), to: path + "/ranking.json") }
  }
}
