// SPDX-License-Identifier: Apache-2.0
/// The four names of the token embeddings in a SeqDiffuSeq checkpoint. In training they are one tensor. In a file of averages
/// (`ema_….pt`) only the first name has the averages, and the others have the raw weights.
package enum TiedSource: String, CaseIterable, Sendable {
  case shared, encoder, decoder
  /// The default: the reference implementation loads all four into the same tensor, and this one last.
  case head

  var tensor: String {
    switch self {
    case .shared: "input_transformers.shared.weight"
    case .encoder: "input_transformers.encoder.embed_tokens.weight"
    case .decoder: "input_transformers.decoder.embed_tokens.weight"
    case .head: "lm_head.weight"
    }
  }
}

extension TiedSource {
  /// A note that names the copies that differ from this one, and by how much; nil if all are equal.
  func differences(in tensors: any TensorSource) throws(ConversionError) -> String? {
    let chosen = try tensors.floats(tensor)
    var differing: [String] = []
    for other in Self.allCases where other != self {
      let values = try tensors.floats(other.tensor)
      guard values.count == chosen.count else {
        throw .shape(
          path: tensors.path, tensor: other.tensor, expected: tensors.shape(tensor) ?? [],
          found: tensors.shape(other.tensor) ?? [])
      }
      let largest = zip(values, chosen).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      if largest > 0 { differing.append("\(other.tensor) (by up to \(largest))") }
    }
    if differing.isEmpty { return nil }
    return
      "\(tensors.path): tied embeddings differ: uses \(tensor), not \(differing.joined(separator: ", ")); --tied-source selects another"
  }
}
