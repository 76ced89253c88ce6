// SPDX-License-Identifier: Apache-2.0
/// The architectures that a model's generator can have: "kind" of the metadata's object "generator".
///
/// Another one is a case here, a `HashtagWriter` in a file of Generation, and a converter for its checkpoints.
package enum GeneratorKind: String, CaseIterable, Sendable {
  /// ASSIGNER's, with the generation vocabulary of hashtags.
  case diffusion
  /// An autoregressive BART, as RIGHT fine-tunes one.
  case bart
  /// The reference implementation's own.
  case seqdiffuseq

  /// The kind of a model's generator; nil for a model without one. Where the metadata names none, it is `diffusion`.
  ///
  /// - Throws: `ContainerError` for a kind that this program does not know.
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
