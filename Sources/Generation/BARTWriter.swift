// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import ModelFile
import Tensors
import Text
import Transformer

/// RIGHT's generator (section 2.3) with its tokenizer: an encoder-decoder that reads a tweet and hashtags, and writes hashtags.
///
///     I = tweet SEP1 h1 SEP1 h2 …        O = h1 SEP2 h2 …
struct BARTWriter: SearchingWriter {
  static let methods = [GenerationMethod.autoregressive]

  /// SEP1 and SEP2 as they occur in the text, with the blanks around them: the metadata's "generator.separators".
  struct Separators: Equatable, Sendable {
    var source = " ; "
    var target = " ; "
  }

  private let network: any AutoregressiveGenerator
  private let tokenizer: Tokenizer
  private let separators: Separators
  let options: BeamOptions
  private let choice: CandidateChoice

  init(model: ContainerFile, tokenizers: [String: Tokenizer], options: GenerationOptions) throws(ContainerError) {
    let tokenizer = try Self.tokenizer(of: model, tokenizers)
    let network = try BART(file: model)
    guard network.vocabularySize >= tokenizer.count, network.maximumTokens >= 3 else {
      throw model.failure(
        .metadata("generator: has fewer embeddings than tokenizer pieces, or maximumTokens leaves no room for text"),
        section: "metadata")
    }
    self.init(
      network: network, tokenizer: tokenizer, separators: try Separators(model: model),
      options: options.search(network.defaults), choice: options.sampling.choice)
  }

  init(
    network: any AutoregressiveGenerator, tokenizer: Tokenizer, separators: Separators, options: BeamOptions,
    choice: CandidateChoice = .all
  ) {
    self.network = network
    self.tokenizer = tokenizer
    self.separators = separators
    self.options = options
    self.choice = choice
  }

  static func scratch(of model: ContainerFile, options: GenerationOptions) throws(ContainerError) -> Int {
    let network = try BART(file: model)
    return network.scratch(options.search(network.defaults))
  }

  var scratch: Int { network.scratch(options) }

  /// The source's tokens in the tokenizer's frame for one text. A source that is too long loses its end, as in RIGHT.
  func source(hashtags: [String], text: String) -> [Int32] {
    let joined = hashtags.reduce(text) { $0 + separators.source + $1 }
    return tokenizer.framed(joined, limit: network.maximumTokens)
  }

  func write(_ input: GeneratorInput, arena: Arena) throws(TensorError) -> [GeneratedHashtag] {
    let source = source(hashtags: input.hashtags, text: input.text)
    let found = try network.decode(source: source, options: options, arena: arena)
    let frame = [tokenizer.begin, tokenizer.end, tokenizer.padding]
    return choice.hashtags(
      of: found.map { sequence in
        (
          sequence.tokens.filter { !frame.contains($0) },
          read(sequence.tokens, probabilities: sequence.probabilities)
        )
      })
  }

  /// The hashtags of a sequence: its text, split at SEP2. The pieces of a hashtag are those that contribute a byte to it.
  ///
  /// - Parameter probabilities: one for each token.
  func read(_ tokens: [Int32], probabilities: [Double]) -> [GeneratedHashtag] {
    // Not all special tokens are dropped, because others may be separators.
    let silent: Set<Int32?> = [tokenizer.begin, tokenizer.end, tokenizer.padding, tokenizer.unknown, tokenizer.mask]
    var bytes: [UInt8] = []
    /// For each byte, the position of the token that it comes from.
    var places: [Int] = []
    for (place, token) in tokens.enumerated() where !silent.contains(token) {
      bytes += Self.bytes(of: token, tokenizer)
      places += [Int](repeating: place, count: bytes.count - places.count)
    }
    // RIGHT is trained to write this if a tweet has no hashtag.
    if String(decoding: bytes, as: UTF8.self).filter({ $0 != " " }) == "None" { return [] }
    var written: [GeneratedHashtag] = []
    for range in Self.parts(of: bytes, cutAt: Array(separators.target.utf8)) {
      let normal = HashtagNormalForm.normalize(String(decoding: bytes[range], as: UTF8.self))
      guard !normal.isEmpty, let first = range.first, let last = range.last else { continue }
      written.append(
        GeneratedHashtag(
          normal: normal, position: written.count,
          probabilities: (places[first]...places[last]).map { probabilities[$0] }))
    }
    return written
  }

  /// A token's own text. WordPiece's marks become blanks between words.
  private static func bytes(of token: Int32, _ tokenizer: Tokenizer) -> [UInt8] {
    switch tokenizer {
    case .byteLevelBPE(let tokenizer): return tokenizer.bytes(of: [token], skippingSpecials: false)
    case .unigram(let tokenizer): return tokenizer.bytes(of: token)
    case .wordPiece(let tokenizer):
      let piece = Array((tokenizer.piece(token) ?? "").utf8)
      return piece.starts(with: [0x23, 0x23]) ? Array(piece.dropFirst(2)) : [0x20] + piece
    }
  }

  /// The ranges between separators, without blanks at both ends. The blanks around a separator are optional.
  private static func parts(of bytes: [UInt8], cutAt separator: [UInt8]) -> [Range<Int>] {
    let bare = trimmed(separator.indices, of: separator)
    let separator = bare.isEmpty ? separator : Array(separator[bare])
    var parts: [Range<Int>] = []
    var start = 0
    var place = 0
    while place < bytes.count {
      if bytes[place...].starts(with: separator) {
        parts.append(start..<place)
        place += separator.count
        start = place
      } else {
        place += 1
      }
    }
    parts.append(start..<bytes.count)
    return parts.map { trimmed($0, of: bytes) }
  }

  private static func trimmed(_ range: Range<Int>, of bytes: [UInt8]) -> Range<Int> {
    var range = range
    while let first = range.first, bytes[first] == 0x20 { range = first + 1..<range.upperBound }
    while let last = range.last, bytes[last] == 0x20 { range = range.lowerBound..<last }
    return range
  }
}

extension BARTWriter.Separators {
  /// Reads "generator.separators": {"source", "target"}.
  /// - Throws: `ContainerError` if one is not a string, or empty.
  init(model: ContainerFile) throws(ContainerError) {
    self.init()
    guard model.metadata.value(at: [ModelLayout.generator, ModelLayout.Key.separators]) != nil else { return }
    do {
      source = try model.metadata.string(ModelLayout.generator, ModelLayout.Key.separators, "source")
      target = try model.metadata.string(ModelLayout.generator, ModelLayout.Key.separators, "target")
      guard !source.isEmpty, !target.isEmpty else {
        throw JSONError(keyPath: "generator.separators", message: "must not have an empty separator")
      }
    } catch {
      throw model.failure(.metadata("\(error)"), section: "metadata")
    }
  }
}
