// SPDX-License-Identifier: Apache-2.0
/// A whole model that is not made for what is asked of it.
package enum NetworkError: Error, Equatable, Sendable {
  /// It lacks a network: "retriever", "selector" or "generator".
  case missing(path: String, network: String)
  /// Its generator cannot write that way.
  case otherMethod(path: String, kind: GeneratorKind, method: GenerationMethod)
}

extension NetworkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path, "generator"):
      """
      \(path): there is no generator in this model; make one with "assigner-convert --generator DIR …", or use \
      --generator none
      """
    case .missing(let path, let network):
      """
      \(path): there is no \(network) in this model; make one with "assigner-convert --\(network) DIR …", or use a model of \
      a generator alone with --retriever bm25
      """
    case .otherMethod(let path, let kind, let method):
      """
      \(path): its generator (\(kind.rawValue)) cannot write by --generator \(method.rawValue); it can by \
      \(kind.methods.map(\.rawValue).joined(separator: " and "))
      """
    }
  }
}
