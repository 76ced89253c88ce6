// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The sizes of a SeqDiffuSeq network, from its tensors, its noise schedule and its `training_args.json`. The three must agree.
struct SeqDiffuSeqShape: Sendable {
  let generator: GeneratorShape
  /// S, the tokens of the source, special tokens included.
  let sourceLength: Int

  /// The names of the tensors that give BART's sizes.
  private enum Name {
    static let head = "lm_head.weight"
    static let projection = "input_up_proj_enc.2.weight"
    static let positions = "input_transformers.encoder.embed_positions.weight"
    static func inner(_ part: String, _ layer: Int) -> String { "input_transformers.\(part).layers.\(layer).fc1.weight" }
  }

  /// - Parameter folder: has training_args.json, which needs "num_heads" and "sequence_len_src". Its other sizes must agree
  ///   with the tensors and the schedule.
  init(_ folder: CheckpointFolder, _ tensors: any TensorSource, _ posterior: Posterior) throws(ConversionError) {
    func size(_ name: String, _ dimension: Int) throws(ConversionError) -> Int {
      guard let shape = tensors.shape(name) else { throw .missingTensors(path: tensors.path, [name]) }
      guard shape.count == 2 else { throw .shape(path: tensors.path, tensor: name, expected: [0, 0], found: shape) }
      return shape[dimension]
    }
    func layers(_ part: String) -> Int {
      (0..<1024).first { tensors.shape(Name.inner(part, $0)) == nil } ?? 1024
    }
    let vocabulary = try size(Name.head, 0)
    let width = try size(Name.projection, 0)
    let rows = try size(Name.positions, 0)
    let arguments = try folder.json("training_args.json")
    let inner = (try size(Name.inner("encoder", 0), 0), try size(Name.inner("decoder", 0), 0))
    let embedding = try size(Name.head, 1)
    do throws(JSONError) {
      let heads = try arguments.integer("num_heads", in: EncoderShape.limit)
      for (key, value) in [
        ("diffusion_steps", posterior.steps), ("sequence_len", posterior.positions), ("in_channel", width),
        ("vocab_size", vocabulary),
      ] where arguments[key] != nil {
        let said = try arguments.integer(key)
        guard said == value else {
          throw JSONError(keyPath: key, message: "is \(said); the tensors and the schedule give \(value)")
        }
      }
      // The reference implementation uses BART with GELU, post-norm and unscaled embeddings.
      let config: JSONValue = [
        "model_type": "bart", "activation_function": "gelu", "d_model": .integer(width),
        "encoder_layers": .integer(layers("encoder")), "encoder_attention_heads": .integer(heads),
        "encoder_ffn_dim": .integer(inner.0), "decoder_layers": .integer(layers("decoder")),
        "decoder_attention_heads": .integer(heads), "decoder_ffn_dim": .integer(inner.1),
        "vocab_size": .integer(vocabulary), "max_position_embeddings": .integer(rows - TensorRule.bartPositionOffset),
        "layer_norm_eps": 1e-5,
        "diffusion": [
          "embedding_dim": .integer(embedding), "positions": .integer(posterior.positions),
          "timesteps": .integer(posterior.steps), "generation_vocab_size": .integer(vocabulary), "bos_token_id": 0,
          "pad_token_id": 1, "eos_token_id": 2, "self_conditioning": true, "logit_scale": 1.0,
        ],
      ]
      generator = try GeneratorShape(config)
      sourceLength = try arguments.integer("sequence_len_src", in: 2...generator.bart.encoder.maximumPositions)
    } catch {
      throw .json(path: folder.path(of: "training_args.json"), error)
    }
  }

  /// The object "generator" of the metadata.
  var metadata: JSONValue {
    guard case .object(var members) = generator.metadata, case .object(var encoder)? = members["encoder"],
      case .object(var diffusion)? = members["diffusion"]
    else { return generator.metadata }
    encoder["maximumTokens"] = .integer(sourceLength)
    diffusion["normalizesInput"] = true
    members[ModelLayout.Key.kind] = .string(GeneratorKind.seqdiffuseq.rawValue)
    members["encoder"] = .object(encoder)
    members["diffusion"] = .object(diffusion)
    return .object(members)
  }

  /// The rules, with the tensor names of `SeqDiffuSeqTensors`.
  var rules: [TensorRule] {
    let (steps, positions) = (generator.timesteps, generator.positions)
    let reason = TensorRule.Storage.float(TensorRule.Reason.schedule)
    return TensorRule.generator(generator)
      + TensorRule.norm("diffusion.norm", "\(ModelLayout.diffusion)/norm", generator.bart.encoder.hiddenSize)
      + ["clean", "noisy", "deviation"].map {
        TensorRule("diffusion.posterior.\($0)", "\(ModelLayout.diffusion)/posterior.\($0)", [steps, positions], reason)
      }
      + [
        TensorRule(
          "diffusion.posterior.referenceDeviation", "\(ModelLayout.diffusion)/posterior.referenceDeviation", [steps], reason)
      ]
  }
}
