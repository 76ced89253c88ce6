// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// The trained vectors of common hashtags, which replace the selector's embeddings of their letters: `hashtags.safetensors`
/// beside the selector's weights with "vectors" float32 [H, d], and `hashtags.txt` with their normal forms, one per line in the
/// order of the rows.
struct HashtagVectorFile {
  private static let weights = "hashtags.safetensors"
  private static let names = "hashtags.txt"

  private let tensors: any TensorSource
  private let text: [UInt8]
  private let shape: [Int]

  /// Nil if the folder has no such files.
  /// - Parameter size: d, the size of the selector's embeddings.
  init?(_ folder: CheckpointFolder, size: Int) throws(ConversionError) {
    guard let text = try folder.bytesIfThere(Self.names) else { return nil }
    let names = Vocabulary.pieces(text)
    var known: Set<String> = []
    for (index, bytes) in names.enumerated() {
      guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty, HashtagNormalForm.normalize(name) == name,
        known.insert(name).inserted
      else {
        throw .vocabulary(
          path: folder.path(of: Self.names), "line \(index + 1) is not a hashtag in normal form, or repeats an earlier line")
      }
    }
    guard !names.isEmpty else { throw .vocabulary(path: folder.path(of: Self.names), "is empty") }
    self.text = text
    shape = [names.count, size]
    tensors = try TensorFile.open(folder.path(of: Self.weights))
  }

  func add(to store: inout TensorStore, progress: (String) -> Void) throws(ConversionError) {
    try store.addText(ModelLayout.hashtags, text)
    let rule = TensorRule("vectors", ModelLayout.hashtagVectors, shape, .table(isMultiplied: false))
    try store.add(tensors, [rule], ignoring: [], progress: progress)
  }
}
