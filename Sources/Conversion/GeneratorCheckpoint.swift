// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A generator's checkpoint: which of the known kinds it is, from its configuration.
enum GeneratorCheckpoint: Sendable {
  /// Our own: BART's layers around a diffusion (`config.json` has "diffusion").
  case diffusion(GeneratorShape)
  /// Hugging Face's `BartForConditionalGeneration` or `BartModel`, generating token by token.
  case bart(BARTShape, GenerationSettings)

  /// The reference implementation's.
  case seqdiffuseq(SeqDiffuSeqCheckpoint)

  /// - Parameters:
  ///   - schedule: the reference implementation's noise schedule; nil for all other kinds.
  ///   - tied: which of its copies of the embeddings counts.
  init(_ folder: CheckpointFolder, schedule: String? = nil, tied: TiedSource = .head) throws(ConversionError) {
    if let schedule {
      self = .seqdiffuseq(try SeqDiffuSeqCheckpoint(folder, schedule: schedule, tied: tied))
      return
    }
    if try SeqDiffuSeqCheckpoint.isOne(folder) { throw .noSchedule(path: folder.path) }
    let generation = try folder.jsonIfThere("generation_config.json")
    self = try folder.configuration { (config) throws(JSONError) in
      if config["diffusion"] != nil { return .diffusion(try GeneratorShape(config)) }
      let shape = try BARTShape(config)
      return .bart(
        shape,
        try GenerationSettings(config, generation: generation, vocabularySize: shape.encoder.vocabularySize))
    }
  }

  /// The metadata's object "generator".
  /// - Throws: `separators` where they are given and the generator has no use for them.
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
    case .seqdiffuseq(let checkpoint): checkpoint.shape.metadata
    }
  }

  /// Adds the network's tensors.
  func add(
    from folder: CheckpointFolder, to store: inout TensorStore, progress: (String) -> Void
  ) throws(ConversionError) {
    let scales = try InputScales(folder, network: "generator/")
    switch self {
    case .seqdiffuseq(let checkpoint):
      try store.add(checkpoint.tensors, checkpoint.shape.rules, ignoring: [], scales: scales, progress: progress)
    case .diffusion(let shape):
      let tensors = try folder.tensors()
      try store.add(tensors, TensorRule.generator(shape), ignoring: [], scales: scales, progress: progress)
      try shape.checkSchedule(tensors)
    case .bart(let shape, _):
      let tensors = try folder.tensors()
      // `BartModel` has no prefix.
      let prefix = tensors.names.contains { $0.hasPrefix("model.") } ? "model." : ""
      try store.add(
        tensors, TensorRule.bart(shape, prefix: prefix), ignoring: TensorRule.ignorableBART, scales: scales,
        progress: progress)
    }
  }
}
