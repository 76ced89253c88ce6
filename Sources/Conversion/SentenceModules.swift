// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The settings that sentence-transformers saves around a network: its modules (modules.json, in the network's folder or its
/// parent), the pooling, the prompt and the longest text. Settings that change the embeddings are applied or refused.
struct SentenceModules {
  /// The network's folder; in the older layout a subfolder ("0_Transformer").
  let network: CheckpointFolder
  private(set) var pooling: SentencePooling?
  /// The text before every input; may be empty.
  private(set) var prompt = ""
  /// The longest input in tokens, special tokens included; nil if the settings do not say.
  private(set) var maximumTokens: Int?
  /// Whether text is lowercased before tokenization.
  private(set) var lowersText = false
  /// Notes for a person.
  private(set) var notes: [String] = []
  /// Whether there is a modules.json.
  private(set) var isListed = false

  private static let list = "modules.json"
  private static let settings = "config_sentence_transformers.json"
  /// Files with the length settings. Older versions named the file after the kind of network.
  private static let lengths = ["bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet"].map {
    "sentence_\($0)_config.json"
  }

  /// - Parameter folder: the network's folder, or the folder with modules.json.
  init(_ folder: CheckpointFolder) throws(ConversionError) {
    let above = CheckpointFolder(path: folder.path(of: ".."))
    if let modules = try folder.jsonIfThere(Self.list) {
      let places = try Places(modules, in: folder)
      let isHere = folder.weights != nil || places.network.isEmpty
      network = isHere ? folder : CheckpointFolder(path: folder.path(of: places.network))
      try read(places, in: folder)
    } else if let modules = try above.jsonIfThere(Self.list), case let places = try Places(modules, in: above),
      try Self.isOne(folder, CheckpointFolder(path: above.path(of: places.network)))
    {
      network = folder
      try read(places, in: above)
    } else {
      network = folder
      try readPrompt(folder, isNormalized: true)
      pooling = try Self.pooling(folder, "1_Pooling", prompt: prompt)
      // A copy of the older layout without modules.json.
      let name = folder.path.split(separator: "/").last ?? ""
      if pooling == nil, name.hasPrefix("0_") { pooling = try Self.pooling(above, "1_Pooling", prompt: prompt) }
    }
    try readLength()
  }

  /// Whether two folders have the same network, judged by config.json.
  private static func isOne(_ first: CheckpointFolder, _ second: CheckpointFolder) throws(ConversionError) -> Bool {
    guard let configuration = try first.bytesIfThere("config.json") else { return false }
    return configuration == (try second.bytesIfThere("config.json"))
  }

  private mutating func read(_ places: Places, in root: CheckpointFolder) throws(ConversionError) {
    isListed = true
    try readPrompt(root, isNormalized: places.normalizes)
    pooling = try Self.pooling(root, places.pooling, prompt: prompt)
    guard pooling != nil else {
      throw .json(
        path: root.path(of: places.pooling + "/config.json"), JSONError(keyPath: "pooling_mode", message: "is missing"))
    }
  }

  // MARK: Pooling

  private static func pooling(
    _ root: CheckpointFolder, _ folder: String, prompt: String
  ) throws(ConversionError) -> SentencePooling? {
    let file = folder + "/config.json"
    guard let config = try root.jsonIfThere(file) else { return nil }
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
    func fail(_ error: JSONError) -> ConversionError { .json(path: root.path(of: file), error) }
    guard modes.count == 1, let pooling = SentencePooling(rawValue: modes[0]), pooling != .clsThroughLayer else {
      let found = modes.isEmpty ? "missing" : modes.joined(separator: " + ")
      throw fail(JSONError(keyPath: "pooling_mode", message: "is \(found); only mean or cls is supported"))
    }
    if config["include_prompt"] == false, !prompt.isEmpty, pooling == .mean {
      throw fail(config.unsupported("include_prompt", "the mean always includes the tokens of the prompt"))
    }
    return pooling
  }

  // MARK: Prompt

  private mutating func readPrompt(_ root: CheckpointFolder, isNormalized: Bool) throws(ConversionError) {
    guard let config = try root.jsonIfThere(Self.settings) else { return }
    do throws(JSONError) {
      try Self.check(config, isNormalized: isNormalized)
      let prompts = config["prompts"] ?? .null == .null ? [:] : try config.object("prompts")
      if let name = config["default_prompt_name"], name != .null {
        prompt = try config.string("prompts", config.string("default_prompt_name"))
      } else if prompts.values.contains(where: { $0 != "" }) {
        let names = prompts.keys.sorted().joined(separator: ", ")
        notes.append(
          "\(root.path(of: Self.settings)): the prompts \(names) are not used; set default_prompt_name to put one before every "
            + "text")
      }
    } catch {
      throw .json(path: root.path(of: Self.settings), error)
    }
  }

  private static func check(_ config: JSONValue, isNormalized: Bool) throws(JSONError) {
    if let type = config["model_type"], type != .null { try config.require("model_type", "SentenceTransformer") }
    if let size = config["truncate_dim"], size != .null {
      throw config.unsupported("truncate_dim", "truncated embeddings are not supported; remove it to use whole embeddings")
    }
    let similarity = config["similarity_fn_name"] ?? .null
    let isCosine =
      [.null, "cosine"].contains(similarity) || isNormalized && [JSONValue.string("dot"), "euclidean"].contains(similarity)
    guard isCosine else {
      throw config.unsupported(
        "similarity_fn_name", "only cosine similarity is supported; set it to \"cosine\" if that suits the model")
    }
  }

  // MARK: Length

  private mutating func readLength() throws(ConversionError) {
    for name in Self.lengths {
      guard let config = try network.jsonIfThere(name) else { continue }
      do throws(JSONError) {
        if let length = config["max_seq_length"], length != .null {
          maximumTokens = try config.integer("max_seq_length", in: 3...(1 << 20))
        }
        lowersText = config["do_lower_case"] == true
      } catch {
        throw .json(path: network.path(of: name), error)
      }
      return
    }
  }
}

extension SentenceModules {
  /// The folders of the modules in modules.json: one network and one pooling. Other modules that change the embeddings are
  /// refused.
  private struct Places {
    var network = ""
    var pooling = ""
    var normalizes = false

    init(_ modules: JSONValue, in root: CheckpointFolder) throws(ConversionError) {
      do throws(JSONError) {
        var order: [String] = []
        for (index, module) in try modules.array().enumerated() {
          let type = try module.string("type").split(separator: ".").last.map(String.init) ?? ""
          let path = module["path"] == nil ? "" : try module.string("path")
          switch type {
          // "BERT" and "RoBERTa" are classes of the first versions.
          case "Transformer", "BERT", "RoBERTa": (network, order) = (path, order + ["network"])
          case "Pooling": (pooling, order) = (path, order + ["pooling"])
          case "Normalize": normalizes = true
          // Dropout has an effect in training only.
          case "Dropout": break
          default:
            throw JSONError(
              keyPath: "\(index).type",
              message: "is \(type), which is not supported; only Transformer, Pooling and Normalize are")
          }
        }
        guard order == ["network", "pooling"] else {
          throw JSONError(message: "must list one Transformer, followed by one Pooling")
        }
      } catch {
        throw .json(path: root.path(of: SentenceModules.list), error)
      }
    }
  }
}
