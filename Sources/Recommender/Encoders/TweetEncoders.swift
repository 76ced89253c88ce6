// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Tensors
import Text
import Transformer

/// The two sentence encoders of a model file with their tokenizers. Building an index needs nothing else.
package struct TweetEncoders: Sendable {
  /// One of the two encoders.
  package enum Network: Sendable {
    /// Finds tweets (ASSIGNER Eq. 1).
    case retriever
    /// Compares tweets with hashtags (Eq. 2).
    case selector
  }

  package let model: ContainerFile
  package let retriever: SentenceEncoder
  let selector: SentenceEncoder
  /// Whether both encoders are the same network, so that one embedding serves both.
  let isOneNetwork: Bool
  let retrieverTokenizer: Tokenizer
  private let selectorTokenizer: Tokenizer
  /// The opened tokenizers by name, for other networks of the file.
  let tokenizers: [String: Tokenizer]

  /// - Throws: `NetworkError` if the model lacks an encoder, `ContainerError` if its parts do not fit together.
  package init(model: ContainerFile) throws {
    self.model = model
    if let network = Self.missing(from: model).first { throw NetworkError.missing(path: model.path, network: network) }
    retriever = try SentenceEncoder(file: model, name: ModelLayout.retriever)
    selector = try SentenceEncoder(file: model, name: ModelLayout.selector)
    let names = (
      try Tokenizer.name(of: ModelLayout.retriever, in: model), try Tokenizer.name(of: ModelLayout.selector, in: model)
    )
    retrieverTokenizer = try Tokenizer(file: model, name: names.0)
    isOneNetwork = Self.isOneNetwork(in: model)
    selectorTokenizer = names.0 == names.1 ? retrieverTokenizer : try Tokenizer(file: model, name: names.1)
    tokenizers = Dictionary(
      [(names.0, retrieverTokenizer), (names.1, selectorTokenizer)], uniquingKeysWith: { first, _ in first })
    for (name, network, tokenizer) in [
      (ModelLayout.retriever, retriever, retrieverTokenizer), (ModelLayout.selector, selector, selectorTokenizer),
    ] {
      guard network.encoder.configuration.vocabularySize >= tokenizer.count else {
        throw model.failure(
          .metadata(
            "the tokenizer has \(tokenizer.count) pieces, but the \(name) has \(network.encoder.configuration.vocabularySize)"),
          section: "metadata")
      }
      guard network.maximumTokens >= 3 else {
        throw model.failure(.metadata("\(name).maximumTokens leaves no room for text"), section: "metadata")
      }
    }
    guard retriever.size == selector.size else {
      throw model.failure(
        .metadata("the retriever's vectors have \(retriever.size) dimensions, the selector's \(selector.size)"),
        section: "metadata")
    }
  }

  /// Whether the selector shares every tensor with the retriever, and both have the same metadata.
  private static func isOneNetwork(in model: ContainerFile) -> Bool {
    guard model.metadata[ModelLayout.retriever] == model.metadata[ModelLayout.selector] else { return false }
    let names = Set(model.sections.map(\.name) + model.aliases.keys)
    let (prefix, other) = (ModelLayout.prefix(of: ModelLayout.selector), ModelLayout.prefix(of: ModelLayout.retriever))
    return names.filter { $0.hasPrefix(prefix) }.allSatisfy {
      model.section($0)?.name == model.section(other + $0.dropFirst(prefix.count))?.name
    }
  }

  /// The encoders that a model lacks.
  package static func missing(from model: ContainerFile) -> [String] {
    ModelLayout.encoders.filter { model.metadata[$0] == nil }
  }

  /// The width of both networks' vectors.
  package var size: Int { retriever.size }

  /// The arena bytes that the longest sequence of either network needs.
  package var scratch: Int { max(retriever.scratch, selector.scratch) }

  /// The embedding of a text in normal form, of length 1.
  ///
  /// The network reads <s>, its prompt, the text and </s>, cut to its maximum length. Tweets and hashtags get the same
  /// prompt, as in sentence-transformers' `encode`.
  package func embed(_ text: String, with network: Network, arena: Arena) throws(TensorError) -> [Float] {
    let (encoder, tokenizer) =
      network == .retriever ? (retriever, retrieverTokenizer) : (selector, selectorTokenizer)
    return try encoder.encode(tokenizer.framed(encoder.prompt + text, limit: encoder.maximumTokens), arena: arena)
  }

  /// The embeddings of several texts, which the network processes as one batch.
  package func embed(_ texts: [String], with network: Network, arena: Arena) throws(TensorError) -> [[Float]] {
    let (encoder, tokenizer) =
      network == .retriever ? (retriever, retrieverTokenizer) : (selector, selectorTokenizer)
    let tokens = texts.map { tokenizer.framed(encoder.prompt + $0, limit: encoder.maximumTokens) }
    return try encoder.encode(batch: tokens, arena: arena)
  }

  /// The number of word pieces in a hashtag's normal form.
  func pieces(of hashtag: String) -> Int { selectorTokenizer.encode(hashtag).count }
}
