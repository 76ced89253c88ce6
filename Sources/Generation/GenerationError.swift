// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The model has no generator, or its generator does not support the requested method.
package enum GenerationError: Error, Equatable, Sendable {
  /// The model has no generator.
  case missing(path: String)
  /// The generator does not support this method.
  case otherMethod(path: String, kind: GeneratorKind, method: GenerationMethod)
}

extension GenerationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path):
      """
      \(path): this model has no generator; make a model with one by "assigner-convert --generator DIR …", or use \
      --generator none
      """
    case .otherMethod(let path, let kind, let method):
      """
      \(path): its generator (\(kind.rawValue)) does not support --generator \(method.rawValue); use \
      \(kind.methods.map { "--generator \($0.rawValue)" }.joined(separator: " or "))
      """
    }
  }
}
