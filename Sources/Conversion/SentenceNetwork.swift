// SPDX-License-Identifier: Apache-2.0

import ModelFile

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
  /// nil: what sentence-transformers' 1_Pooling/config.json says, or the mean.
  package var pooling: SentencePooling?
  /// The longest text in tokens, specials included.
  package var maximumTokens: Int

  package init(pooling: SentencePooling? = nil, maximumTokens: Int = 128) {
    self.pooling = pooling
    self.maximumTokens = maximumTokens
  }
}

/// A sentence encoder's checkpoint: `BertModel` or `RobertaModel`, alone or inside a network with heads that are not read.
struct SentenceNetwork {
  /// "retriever" or "selector".
  let name: String
  let tokenizer: CheckpointTokenizer
  private let folder: CheckpointFolder
  private let shape: SentenceShape
  private let pooling: SentencePooling

  /// Nil where no path is given.
  init?(_ name: String, _ path: String?, _ options: SentenceOptions) throws(ConversionError) {
    guard let path else { return nil }
    self.name = name
    let folder = CheckpointFolder(path: path)
    self.folder = folder
    shape = try folder.configuration { (config) throws(JSONError) in
      try SentenceShape(config, maximumTokens: options.maximumTokens)
    }
    tokenizer = try CheckpointTokenizer(folder, embeddings: shape.encoder.vocabularySize)
    let declared = try Self.declaredPooling(folder)
    pooling = options.pooling ?? declared ?? .mean
  }

  var metadata: JSONValue {
    guard case .object(var members) = shape.encoder.metadata(pooling: pooling.rawValue) else { return .null }
    members["maximumTokens"] = .integer(shape.maximumTokens)
    if shape.family != .bert { members["family"] = .string(shape.family.rawValue) }
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

  /// What sentence-transformers saved beside the network; nil where it did not.
  private static func declaredPooling(_ folder: CheckpointFolder) throws(ConversionError) -> SentencePooling? {
    try checkModules(folder)
    let file = "1_Pooling/config.json"
    guard try folder.bytesIfThere(file) != nil else { return nil }
    let config = try folder.json(file)
    var modes: [String] = []
    for (key, mode) in [
      ("pooling_mode_cls_token", "cls"), ("pooling_mode_mean_tokens", "mean"), ("pooling_mode_max_tokens", "max"),
      ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens"), ("pooling_mode_weightedmean_tokens", "weightedmean"),
      ("pooling_mode_lasttoken", "lasttoken"),
    ] where config[key] == true { modes.append(mode) }
    switch config["pooling_mode"] {
    case .string(let mode): modes = [mode]
    case .array(let several): modes = several.map { if case .string(let mode) = $0 { mode } else { "?" } }
    default: break
    }
    guard modes.count == 1, let pooling = SentencePooling(rawValue: modes[0]), pooling != .clsThroughLayer else {
      throw .json(
        path: folder.path(of: file),
        JSONError(keyPath: "pooling_mode", message: "is \(modes.joined(separator: " + ")); only mean or cls is supported"))
    }
    return pooling
  }

  /// A module behind the pooling would be left out silently.
  private static func checkModules(_ folder: CheckpointFolder) throws(ConversionError) {
    guard try folder.bytesIfThere("modules.json") != nil else { return }
    let modules = try folder.json("modules.json")
    do throws(JSONError) {
      for (index, module) in try modules.array().enumerated() {
        let type = try module.string("type").split(separator: ".").last.map(String.init) ?? ""
        guard ["Transformer", "Pooling", "Normalize"].contains(type) else {
          throw JSONError(keyPath: "\(index).type", message: "is \(type), which is not supported")
        }
      }
    } catch {
      throw .json(path: folder.path(of: "modules.json"), error)
    }
  }
}
