// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The kind of a generator's checkpoint, from its configuration.
enum GeneratorCheckpoint: Sendable {
  /// assigner's own diffusion generator with BART's layers (`config.json` has "diffusion").
  case diffusion(GeneratorShape)
  /// Hugging Face's `BartForConditionalGeneration` or `BartModel`, which is autoregressive.
  case bart(BARTShape, GenerationSettings)

  /// The network of Microblog Hashtag Generation (`model_type` is "assigner-bi-attention").
  case biAttention(BiAttentionShape)
  /// A checkpoint of SeqDiffuSeq's reference implementation.
  case seqdiffuseq(SeqDiffuSeqCheckpoint)

  /// - Parameters:
  ///   - schedule: the noise schedule of a SeqDiffuSeq checkpoint; nil for the other kinds.
  ///   - tied: which copy of a SeqDiffuSeq checkpoint's embeddings is used.
  init(_ folder: CheckpointFolder, schedule: String? = nil, tied: TiedSource = .head) throws(ConversionError) {
    if let schedule {
      self = .seqdiffuseq(try SeqDiffuSeqCheckpoint(folder, schedule: schedule, tied: tied))
      return
    }
    if try SeqDiffuSeqCheckpoint.isOne(folder) { throw .noSchedule(path: folder.path) }
    let generation = try folder.jsonIfThere("generation_config.json")
    self = try folder.configuration { (config) throws(JSONError) in
      if config["diffusion"] != nil { return .diffusion(try GeneratorShape(config)) }
      if config["model_type"] == .string(BiAttentionShape.modelType) { return .biAttention(try BiAttentionShape(config)) }
      let shape = try BARTShape(config)
      return .bart(
        shape,
        try GenerationSettings(config, generation: generation, vocabularySize: shape.encoder.vocabularySize))
    }
  }

  /// The object "generator" of the metadata.
  /// - Throws: `separators` if they are given for a generator that does not use them, or if one is empty.
  func metadata(separators: Checkpoint.Separators?) throws(ConversionError) -> JSONValue {
    guard let separators else { return metadata }
    guard case .bart = self, case .object(var members) = metadata, !separators.source.isEmpty, !separators.target.isEmpty
    else { throw .separators }
    members["separators"] = ["source": .string(separators.source), "target": .string(separators.target)]
    return .object(members)
  }

  private var metadata: JSONValue {
    switch self {
    case .diffusion(let shape): shape.metadata
    case .bart(let shape, let generation):
      [
        "kind": .string(GeneratorKind.bart.rawValue),
        "encoder": shape.encoderMetadata(maximumTokens: min(shape.encoder.maximumPositions, 4096)),
        "decoder": shape.decoderMetadata(positions: shape.encoder.maximumPositions), "generation": generation.metadata,
      ]
    case .biAttention(let shape): shape.metadata
    case .seqdiffuseq(let checkpoint): checkpoint.shape.metadata
    }
  }

  /// Adds the network's tensors.
  func add(
    from folder: CheckpointFolder, to store: inout TensorStore, progress: (String) -> Void
  ) throws(ConversionError) {
    let scales = try InputScales(folder, network: ModelLayout.generator)
    switch self {
    case .seqdiffuseq(let checkpoint):
      try store.add(checkpoint.tensors, checkpoint.shape.rules, ignoring: [], scales: scales, progress: progress)
    case .biAttention(let shape):
      try store.add(try folder.tensors(), TensorRule.biAttention(shape), ignoring: [], scales: scales, progress: progress)
    case .diffusion(let shape):
      let tensors = try folder.tensors()
      try store.add(tensors, TensorRule.generator(shape), ignoring: [], scales: scales, progress: progress)
      try shape.checkSchedule(tensors)
    case .bart(let shape, _):
      let tensors = try folder.tensors()
      // The names of `BartModel` have no prefix.
      let prefix = tensors.names.contains { $0.hasPrefix("model.") } ? "model." : ""
      try store.add(
        tensors, TensorRule.bart(shape, prefix: prefix), ignoring: TensorRule.ignorableBART, scales: scales,
        progress: progress)
    }
  }
}
