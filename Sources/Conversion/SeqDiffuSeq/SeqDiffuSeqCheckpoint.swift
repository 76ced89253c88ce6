// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A checkpoint of the reference implementation (SeqDiffuSeq; ASSIGNER's code is the same): a state_dict `modelNNNNNN.pt` or
/// `ema_…_NNNNNN.pt` with `training_args.json` beside it, and the learned noise schedule `alpha_cumprod_step_N.npy`.
struct SeqDiffuSeqCheckpoint: Sendable {
  let shape: SeqDiffuSeqShape
  let tensors: SeqDiffuSeqTensors
  /// A note on differences between the copies of the embeddings; nil if they are equal.
  let differences: String?

  /// - Parameters:
  ///   - folder: the folder, with the file of weights named, because the folder may have several.
  ///   - schedule: the file of the table ᾱ [T, L].
  init(_ folder: CheckpointFolder, schedule: String, tied: TiedSource) throws(ConversionError) {
    let source = try folder.tensors()
    let posterior = try Posterior(path: schedule)
    shape = try SeqDiffuSeqShape(folder, source, posterior)
    tensors = try SeqDiffuSeqTensors(source, shape, posterior, tied: tied)
    differences = try tied.differences(in: source)
  }

  /// Whether a folder has a SeqDiffuSeq checkpoint and no Hugging Face checkpoint.
  static func isOne(_ folder: CheckpointFolder) throws(ConversionError) -> Bool {
    let files = (try folder.bytesIfThere("training_args.json"), try folder.bytesIfThere("config.json"))
    return files.0 != nil && files.1 == nil
  }
}
