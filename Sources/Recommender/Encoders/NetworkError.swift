// SPDX-License-Identifier: Apache-2.0
/// An intact model that lacks what a command needs.
package enum NetworkError: Error, Equatable, Sendable {
  /// The model lacks an encoder: "retriever" or "selector".
  case missing(path: String, network: String)
}

extension NetworkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path, let network):
      """
      \(path): this model has no \(network); convert one with "assigner-convert --\(network) DIR …", or use a model \
      that has only a generator with --retriever bm25
      """
    }
  }
}
