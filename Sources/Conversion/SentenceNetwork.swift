// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// How a sentence encoder's states become one vector; the names are the metadata's.
package enum SentencePooling: String, Sendable, CaseIterable {
  /// The mean over all tokens.
  case mean
  /// The first token's state: unsupervised SimCSE.
  case cls
  /// The same through the pooler, a layer with tanh: supervised SimCSE.
  case clsThroughLayer = "cls-mlp"
}

/// What a person may say about sentence encoders.
package struct SentenceOptions: Sendable, Equatable {
  /// The most that a text may have in tokens.
  package static let longest = 512

  /// nil: what sentence-transformers' settings say, or the mean.
  package var pooling: SentencePooling?
  /// The longest text in tokens, specials included. nil: what sentence-transformers' settings say, up to `longest`, or 128.
  package var maximumTokens: Int?

  package init(pooling: SentencePooling? = nil, maximumTokens: Int? = nil) {
    self.pooling = pooling
    self.maximumTokens = maximumTokens
  }
}

/// A sentence encoder's checkpoint: `BertModel` or `RobertaModel`, alone or inside a network with heads that are not read, and
/// what sentence-transformers saved around it.
struct SentenceNetwork {
  /// "retriever" or "selector".
  let name: String
  let tokenizer: CheckpointTokenizer
  /// What a person should know of this checkpoint.
  let notes: [String]
  private let folder: CheckpointFolder
  private let shape: SentenceShape
  private let pooling: SentencePooling
  private let prompt: String

  /// Nil where no path is given.
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
        JSONError(keyPath: "do_lower_case", message: "is true; a byte-level BPE reads a text as it is here"))
    }
    try checkPrompt()
  }

  /// How long a text may be where nobody says it: as sentence-transformers cuts it, or short, as tweets are.
  private static func limit(_ modules: SentenceModules) throws(ConversionError) -> Int {
    if let said = modules.maximumTokens { return min(said, SentenceOptions.longest) }
    let usual = modules.isListed ? SentenceOptions.longest : EncoderShape.maximumTokens
    return min(try TokenizerSettings(modules.network).maximumTokens ?? usual, usual)
  }

  /// A prompt that leaves no room for the text would make one vector of all texts.
  private func checkPrompt() throws(ConversionError) {
    guard !prompt.isEmpty else { return }
    let count: Int
    switch tokenizer {
    case .wordPiece(let vocabulary, let added):
      count = try folder.reading("tokenizer.json") { () throws(TextError) in
        Tokenizer.wordPiece(try WordPiece(vocabulary: vocabulary, addedTokens: added)).encode(prompt).count
      }
    case .byteLevelBPE(let tokenizer): count = Tokenizer.byteLevelBPE(tokenizer).encode(prompt).count
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
      scales: InputScales(folder, network: name + "/"), progress: progress)
    if name == "selector", let vectors = try HashtagVectorFile(folder, size: shape.encoder.hiddenSize) {
      try vectors.add(to: &store, progress: progress)
    }
  }
}
