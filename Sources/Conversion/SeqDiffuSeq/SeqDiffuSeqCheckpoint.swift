// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A checkpoint of the reference implementation (SeqDiffuSeq; ASSIGNER's code is the same): a state_dict `modelNNNNNN.pt` or
/// `ema_…_NNNNNN.pt`, `training_args.json` beside it, and the learned noise schedule `alpha_cumprod_step_N.npy`.
struct SeqDiffuSeqCheckpoint: Sendable {
  let shape: SeqDiffuSeqShape
  let tensors: SeqDiffuSeqTensors
  /// Where the copies of its embeddings are not of one mind; nil where they are.
  let differences: String?

  /// - Parameters:
  ///   - folder: with the file of weights named, as several may lie in it.
  ///   - schedule: the table ᾱ [T, L].
  init(_ folder: CheckpointFolder, schedule: String, tied: TiedSource) throws(ConversionError) {
    let source = try folder.tensors()
    let posterior = try Posterior(path: schedule)
    shape = try SeqDiffuSeqShape(folder, source, posterior)
    tensors = try SeqDiffuSeqTensors(source, shape, posterior, tied: tied)
    differences = try tied.differences(in: source)
  }

  /// Whether a folder is such a checkpoint's, and no other's.
  static func isOne(_ folder: CheckpointFolder) throws(ConversionError) -> Bool {
    let files = (try folder.bytesIfThere("training_args.json"), try folder.bytesIfThere("config.json"))
    return files.0 != nil && files.1 == nil
  }
}
