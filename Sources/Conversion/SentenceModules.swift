// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// What sentence-transformers saved around a network: its modules (modules.json, in the network's folder or the one above it),
/// how they pool, the text before every text, and how long a text may be. What changes the vectors is followed or refused.
struct SentenceModules {
  /// Where the network is, in the older layout a folder below ("0_Transformer").
  let network: CheckpointFolder
  private(set) var pooling: SentencePooling?
  /// What is put before every text; empty for nothing.
  private(set) var prompt = ""
  /// The longest text in tokens, specials included, where it is said.
  private(set) var maximumTokens: Int?
  /// Whether texts are put in lower case before they are cut into tokens.
  private(set) var lowersText = false
  /// What a person should know.
  private(set) var notes: [String] = []
  /// Whether there is a modules.json.
  private(set) var isListed = false

  private static let list = "modules.json"
  private static let settings = "config_sentence_transformers.json"
  /// Of the network's module; the names of older versions told the kind of network.
  private static let lengths = ["bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet"].map {
    "sentence_\($0)_config.json"
  }

  /// - Parameter folder: the network's folder, or the one with modules.json.
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
      // A copy of the older layout that lacks the list.
      let name = folder.path.split(separator: "/").last ?? ""
      if pooling == nil, name.hasPrefix("0_") { pooling = try Self.pooling(above, "1_Pooling", prompt: prompt) }
    }
    try readLength()
  }

  /// Whether two paths lead to one network's folder, as far as its configuration tells.
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
      throw fail(config.unsupported("include_prompt", "a prompt's tokens count in the mean here"))
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
          "\(root.path(of: Self.settings)): the prompts \(names) are not used, as none is default_prompt_name; set that to have "
            + "one before every text")
      }
    } catch {
      throw .json(path: root.path(of: Self.settings), error)
    }
  }

  private static func check(_ config: JSONValue, isNormalized: Bool) throws(JSONError) {
    if let type = config["model_type"], type != .null { try config.require("model_type", "SentenceTransformer") }
    if let size = config["truncate_dim"], size != .null {
      throw config.unsupported("truncate_dim", "vectors are not cut here; remove it to use them whole")
    }
    let similarity = config["similarity_fn_name"] ?? .null
    let isCosine =
      [.null, "cosine"].contains(similarity) || isNormalized && [JSONValue.string("dot"), "euclidean"].contains(similarity)
    guard isCosine else {
      throw config.unsupported(
        "similarity_fn_name", "vectors have length 1 here and are compared by cosine; set it to \"cosine\" where that will do")
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
  /// Where modules.json says the modules are: a network, a pooling, and nothing that this program does not do.
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
          // Two classes of the first versions.
          case "Transformer", "BERT", "RoBERTa": (network, order) = (path, order + ["network"])
          case "Pooling": (pooling, order) = (path, order + ["pooling"])
          case "Normalize": normalizes = true
          // It does nothing but in training.
          case "Dropout": break
          default:
            throw JSONError(
              keyPath: "\(index).type",
              message: "is \(type), which changes the vectors and is not supported; only Transformer, Pooling and Normalize are")
          }
        }
        guard order == ["network", "pooling"] else {
          throw JSONError(message: "is not one Transformer and one Pooling behind it")
        }
      } catch {
        throw .json(path: root.path(of: SentenceModules.list), error)
      }
    }
  }
}
