import ModelFile

/// Makes a model file of a checkpoint of the reference implementation (SeqDiffuSeq; ASSIGNER's code is the same): a
/// state_dict `modelNNNNNN.pt` or `ema_…_NNNNNN.pt`, `training_args.json` beside it, and the learned noise schedule
/// `alpha_cumprod_step_N.npy`. The model holds a generator only, of kind "seqdiffuseq".
public struct SeqDiffuSeqConverter: Sendable {
  /// The file of weights.
  public var weights: String
  /// The table ᾱ [T, L].
  public var schedule: String
  public var tied: TiedSource
  /// Keeps every tensor in float32: the reference that the int8 file is measured against.
  public var keepsFloats: Bool
  /// Free text for the metadata.
  public var license: String?

  public init(
    weights: String, schedule: String, tied: TiedSource = .head, keepsFloats: Bool = false, license: String? = nil
  ) {
    self.weights = weights
    self.schedule = schedule
    self.tied = tied
    self.keepsFloats = keepsFloats
    self.license = license
  }

  /// Reads and converts; `ContainerWriter.write(to:)` writes the result.
  /// - Parameter progress: is told what begins, and where the checkpoint is not of one mind.
  public func convert(
    progress: (String) -> Void = { _ in }
  ) throws(ConversionError) -> (writer: ContainerWriter, report: ConversionReport) {
    let folder = CheckpointFolder(path: weights)
    let source = try folder.tensors()
    let posterior = try Posterior(path: schedule)
    let shape = try SeqDiffuSeqShape(folder, source, posterior)
    let tensors = try SeqDiffuSeqTensors(source, shape, posterior, tied: tied)
    if let differences = try tied.differences(in: source) { progress(differences) }

    var store = TensorStore(keepsFloats: keepsFloats)
    try store.add(tensors, shape.rules, ignoring: [], progress: progress)
    var metadata: [String: JSONValue] = [
      "architecture": "assigner", "generator": shape.metadata,
      "aliases": .object(store.aliases.mapValues { .string($0) }), "quantization": keepsFloats ? "float32" : "int8",
    ]
    if let license { metadata["license"] = .string(license) }
    store.writer.setMetadata(.object(metadata))
    return (store.writer, store.report)
  }
}
