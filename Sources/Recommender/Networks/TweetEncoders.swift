import ModelFile
import Retrieval
import Tensors
import Text
import Transformer

/// The two sentence encoders of a model file and their tokenizer: all that building an index needs.
public struct TweetEncoders: Sendable {
  /// Which of the two.
  public enum Network: Sendable {
    /// Finds tweets (ASSIGNER Eq. 1).
    case retriever
    /// Compares tweets with hashtags (Eq. 2).
    case selector
  }

  public let model: ContainerFile
  public let wordPiece: WordPiece
  let retriever: SentenceEncoder
  let selector: SentenceEncoder

  /// - Throws: `ContainerError` naming what is missing or does not fit.
  public init(model: ContainerFile) throws(ContainerError) {
    self.model = model
    for network in Self.missing(from: model) {
      throw model.failure(
        .metadata("there is no \(network) in this model: make one with \"assigner-convert --\(network) DIR …\", or use --retriever bm25 if it is to be without"),
        section: "metadata")
    }
    wordPiece = try Self.wordPiece(of: model)
    retriever = try SentenceEncoder(file: model, name: "retriever")
    selector = try SentenceEncoder(file: model, name: "selector")
    for (name, network) in [("retriever", retriever), ("selector", selector)] {
      guard network.encoder.configuration.vocabularySize >= wordPiece.count else {
        throw model.failure(
          .value("has \(wordPiece.count) pieces, the \(name) embeds \(network.encoder.configuration.vocabularySize)"),
          section: Self.vocabulary)
      }
      guard network.maximumTokens >= 3 else {
        throw model.failure(.metadata("\(name).maximumTokens leaves no room for text"), section: "metadata")
      }
    }
    guard retriever.size == selector.size else {
      throw model.failure(
        .metadata("the retriever makes \(retriever.size) dimensions, the selector \(selector.size)"),
        section: "metadata")
    }
  }

  private static let vocabulary = "text/vocabulary"

  /// Which of the two networks a model does not have.
  static func missing(from model: ContainerFile) -> [String] {
    ["retriever", "selector"].filter { model.metadata[$0] == nil }
  }

  /// The tokenizer that a model's encoders share.
  static func wordPiece(of model: ContainerFile) throws(ContainerError) -> WordPiece {
    do {
      return try WordPiece(vocabulary: model.bytes(vocabulary))
    } catch let error as ContainerError {
      throw error
    } catch {
      throw model.failure(.value("\(error)"), section: vocabulary)
    }
  }

  /// Width of both networks' vectors.
  public var size: Int { retriever.size }

  /// Arena bytes that either network's longest sequence needs.
  public var scratch: Int { max(retriever.scratch, selector.scratch) }

  /// The embedding of a text in normal form, of length 1: [CLS] pieces [SEP], cut to what the network takes.
  public func embed(_ text: String, with network: Network, arena: Arena) throws(TensorError) -> [Float] {
    let encoder = network == .retriever ? retriever : selector
    var tokens: [Int32] = [wordPiece.cls]
    wordPiece.encode(text, into: &tokens)
    if tokens.count > encoder.maximumTokens - 1 { tokens.removeSubrange((encoder.maximumTokens - 1)...) }
    tokens.append(wordPiece.sep)
    return try encoder.encode(tokens, arena: arena)
  }
}
