// SPDX-License-Identifier: Apache-2.0
/// The four names under which a SeqDiffuSeq checkpoint holds its token embeddings. They are one tensor in training; but
/// averages (`ema_….pt`) are written under the first name only, and the others keep the raw weights.
package enum TiedSource: String, CaseIterable, Sendable {
  case shared, encoder, decoder
  /// What counts: the reference implementation loads all four into the one tensor, this one last.
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
  /// Which other copies differ from this one, and by how much; nil where all are equal.
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
      "\(tensors.path): tied embeddings differ: \(tensor) is taken, not \(differing.joined(separator: ", ")); --tied-source takes another"
  }
}
