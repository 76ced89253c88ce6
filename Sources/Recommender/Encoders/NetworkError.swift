// SPDX-License-Identifier: Apache-2.0
/// A whole model that is not made for what is asked of it.
package enum NetworkError: Error, Equatable, Sendable {
  /// It lacks an encoder: "retriever" or "selector".
  case missing(path: String, network: String)
}

extension NetworkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path, let network):
      """
      \(path): there is no \(network) in this model; make one with "assigner-convert --\(network) DIR …", or use a model of \
      a generator alone with --retriever bm25
      """
    }
  }
}
