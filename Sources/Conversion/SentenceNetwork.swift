// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// How the states of a sentence encoder become one vector. The raw values are those of the metadata.
package enum SentencePooling: String, Sendable, CaseIterable {
  /// The mean over all tokens.
  case mean
  /// The first token's state, as in unsupervised SimCSE.
  case cls
  /// The first token's state through the pooler, a linear layer with tanh, as in supervised SimCSE.
  case clsThroughLayer = "cls-mlp"
}

/// The user's options for sentence encoders.
package struct SentenceOptions: Sendable, Equatable {
  /// The upper limit of `maximumTokens`.
  package static let longest = 512

  /// Nil takes the pooling from sentence-transformers' settings, or the mean.
  package var pooling: SentencePooling?
  /// The longest input in tokens, special tokens included. Nil takes it from sentence-transformers' settings, up to
  /// `longest`, or 128.
  package var maximumTokens: Int?

  package init(pooling: SentencePooling? = nil, maximumTokens: Int? = nil) {
    self.pooling = pooling
    self.maximumTokens = maximumTokens
  }
}

/// A sentence encoder's checkpoint: `BertModel`, `RobertaModel` or `XLMRobertaModel`, alone or with heads, which are ignored, and
/// the settings of sentence-transformers.
struct SentenceNetwork {
  /// "retriever" or "selector".
  let name: String
  let tokenizer: CheckpointTokenizer
  /// Notes on this checkpoint for a person.
  let notes: [String]
  private let folder: CheckpointFolder
  private let shape: SentenceShape
  private let pooling: SentencePooling
  private let prompt: String

  /// Nil if no path is given.
  init?(_ name: String, _ path: String?, _ options: SentenceOptions) throws(ConversionError) {
    guard let path else { return nil }
    self.name = name
    let modules = try SentenceModules(CheckpointFolder(path: path))
    let folder = modules.network
    self.folder = folder
    if try folder.bytesIfThere("adapter_config.json") != nil {
      throw .unmerged(path: folder.path(of: "adapter_config.json"))
    }
    let limit = try Self.limit(modules)
    shape = try folder.configuration { (config) throws(JSONError) in
      try SentenceShape(config, maximumTokens: options.maximumTokens, limit: limit)
    }
    tokenizer = try CheckpointTokenizer(folder, embeddings: shape.encoder.vocabularySize)
    pooling = options.pooling ?? modules.pooling ?? .mean
    prompt = modules.prompt
    notes = modules.notes
    if modules.lowersText, !tokenizer.lowersText {
      throw .json(
        path: folder.path(of: "sentence_bert_config.json"),
        JSONError(keyPath: "do_lower_case", message: "is true; it is supported only with the WordPiece of an uncased BERT"))
    }
    try checkPrompt()
  }

  /// The default of the longest input: sentence-transformers' limit, else 128 tokens, since tweets are short.
  private static func limit(_ modules: SentenceModules) throws(ConversionError) -> Int {
    if let said = modules.maximumTokens { return min(said, SentenceOptions.longest) }
    let usual = modules.isListed ? SentenceOptions.longest : EncoderShape.maximumTokens
    return min(try TokenizerSettings(modules.network).maximumTokens ?? usual, usual)
  }

  /// Refuses a prompt that leaves no room for the text: all texts would get the same embedding.
  private func checkPrompt() throws(ConversionError) {
    guard !prompt.isEmpty else { return }
    let count: Int
    switch tokenizer {
    case .wordPiece(let vocabulary, let added):
      count = try folder.reading("tokenizer.json") { () throws(TextError) in
        Tokenizer.wordPiece(try WordPiece(vocabulary: vocabulary, addedTokens: added)).encode(prompt).count
      }
    case .byteLevelBPE(let tokenizer): count = Tokenizer.byteLevelBPE(tokenizer).encode(prompt).count
    case .unigram(let tokenizer): count = Tokenizer.unigram(tokenizer).encode(prompt).count
    }
    guard count + 3 <= shape.maximumTokens else {
      throw .json(
        path: folder.path,
        JSONError(keyPath: "prompts", message: "the prompt has \(count) tokens and leaves no room in \(shape.maximumTokens)"))
    }
  }

  var metadata: JSONValue {
    guard case .object(var members) = shape.encoder.metadata(pooling: pooling.rawValue) else { return .null }
    members["maximumTokens"] = .integer(shape.maximumTokens)
    if shape.family != .bert { members["family"] = .string(shape.family.rawValue) }
    if !prompt.isEmpty { members["prompt"] = .string(prompt) }
    return .object(members)
  }

  func add(to store: inout TensorStore, progress: (String) -> Void) throws(ConversionError) {
    let tensors = try folder.tensors()
    let prefix = shape.prefix(in: tensors)
    let pooler = pooling == .clsThroughLayer ? SentenceShape.pooler(in: tensors, prefix: prefix) : nil
    let rules = TensorRule.sentence(shape, prefix: prefix, pooler: pooler, network: name)
    try store.add(
      tensors, rules, ignoring: SentenceShape.ignorable(in: tensors, prefix: prefix),
      scales: InputScales(folder, network: name), progress: progress)
    if name == ModelLayout.selector, let vectors = try HashtagVectorFile(folder, size: shape.encoder.hiddenSize) {
      try vectors.add(to: &store, progress: progress)
    }
  }
}
