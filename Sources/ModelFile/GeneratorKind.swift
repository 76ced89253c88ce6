// SPDX-License-Identifier: Apache-2.0
/// The architecture of a model's generator: the member "kind" of the metadata's object "generator".
///
/// To add one, add a case here, a `HashtagWriter` in a file of Generation, and a converter for its checkpoints.
package enum GeneratorKind: String, CaseIterable, Sendable {
  /// This project's diffusion, with its own vocabulary of hashtag pieces.
  case diffusion
  /// An autoregressive BART, fine-tuned as in RIGHT.
  case bart
  /// SeqDiffuSeq, in the architecture of its reference implementation.
  case seqdiffuseq
  /// The network of Microblog Hashtag Generation.
  case biAttention = "bi-attention"

  /// The kind of a model's generator; nil for a model without one. If the metadata names none, it is `diffusion`.
  ///
  /// - Throws: `ContainerError` if this program does not know the kind.
  package static func of(_ model: ContainerFile) throws(ContainerError) -> GeneratorKind? {
    guard let generator = model.metadata[ModelLayout.generator] else { return nil }
    guard let value = generator[ModelLayout.Key.kind] else { return .diffusion }
    guard case .string(let name) = value, let kind = GeneratorKind(rawValue: name) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      throw model.failure(.metadata("generator.kind: is \(value.serialized()), not one of \(names)"), section: "metadata")
    }
    return kind
  }
}
