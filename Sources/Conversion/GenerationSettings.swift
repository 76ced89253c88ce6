// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The decoding settings of a BART checkpoint: from `generation_config.json`, or from config.json in older checkpoints.
struct GenerationSettings: Equatable, Sendable {
  let start: Int
  let end: Int
  let bos: Int?
  let pad: Int?
  let forcedFirst: Int?
  let forcedLast: Int?
  let beams: Int
  let maximumLength: Int
  let minimumLength: Int
  let lengthPenalty: Double
  let earlyStopping: String
  let noRepeat: Int
  /// The checkpoint's settings that this program does not apply.
  let ignored: [String]

  /// - Parameter generation: `generation_config.json`, if it exists. Token ids may still be in `config`.
  init(_ config: JSONValue, generation: JSONValue?, vocabularySize: Int) throws(JSONError) {
    let settings = generation ?? config
    func token(_ key: String) throws(JSONError) -> Int? {
      if let token = try Self.token(key, in: settings, size: vocabularySize) { return token }
      return try Self.token(key, in: config, size: vocabularySize)
    }
    func integer(_ key: String, _ neutral: Int, in range: ClosedRange<Int>) throws(JSONError) -> Int {
      Self.isAbsent(settings[key]) ? neutral : try settings.integer(key, in: range)
    }
    bos = try token("bos_token_id")
    pad = try token("pad_token_id")
    guard let end = try token("eos_token_id") else { throw JSONError(keyPath: "eos_token_id", message: "is missing") }
    self.end = end
    let start = try token("decoder_start_token_id")
    // The same fallback as in transformers.
    guard let start = start ?? bos else { throw JSONError(keyPath: "decoder_start_token_id", message: "is missing") }
    self.start = start
    forcedFirst = try Self.token("forced_bos_token_id", in: settings, size: vocabularySize)
    forcedLast = try Self.token("forced_eos_token_id", in: settings, size: vocabularySize)
    let asked = try integer("num_beams", 1, in: 1...1000)
    beams = min(asked, 20)
    maximumLength = try integer("max_length", 20, in: 2...(1 << 20))
    minimumLength = try integer("min_length", 0, in: 0...(1 << 20))
    noRepeat = try integer("no_repeat_ngram_size", 0, in: 0...(1 << 20))
    lengthPenalty = Self.isAbsent(settings["length_penalty"]) ? 1 : try settings.number("length_penalty")
    switch settings["early_stopping"] ?? .null {
    case .null, .bool(false): earlyStopping = "whenBehind"
    case .bool(true): earlyStopping = "whenFull"
    case .string("never"): earlyStopping = "never"
    default: throw JSONError(keyPath: "early_stopping", message: "is not true, false or \"never\"")
    }
    let unknown = Self.unknown.filter { key in
      ![JSONValue.null, false, 0, 1, 0.0, 1.0].contains(settings[key] ?? .null)
    }
    ignored = unknown + (asked > beams ? ["num_beams above \(beams)"] : [])
  }

  /// Unsupported settings. Each has no effect if it is absent, null, false, 0 or 1.
  private static let unknown = [
    "bad_words_ids", "begin_suppress_tokens", "diversity_penalty", "do_sample", "encoder_no_repeat_ngram_size",
    "encoder_repetition_penalty", "exponential_decay_length_penalty", "guidance_scale", "max_new_tokens",
    "min_new_tokens", "num_beam_groups", "repetition_penalty", "sequence_bias", "suppress_tokens",
  ]

  private static func isAbsent(_ value: JSONValue?) -> Bool { value == nil || value == .null }

  /// A token id, or the only one of a list; nil if there is none.
  private static func token(_ key: String, in settings: JSONValue, size: Int) throws(JSONError) -> Int? {
    switch settings[key] ?? .null {
    case .null: return nil
    case .array(let elements) where elements.count == 1: return try settings.integer(key, "0", in: 0...(size - 1))
    default: return try settings.integer(key, in: 0...(size - 1))
    }
  }

  var metadata: JSONValue {
    var members: [String: JSONValue] = [
      "start": .integer(start), "end": .integer(end), "beams": .integer(beams),
      "maximumLength": .integer(maximumLength), "minimumLength": .integer(minimumLength),
      "lengthPenalty": .number(lengthPenalty), "earlyStopping": .string(earlyStopping), "noRepeat": .integer(noRepeat),
    ]
    for (name, token) in [("bos", bos), ("pad", pad), ("forcedFirst", forcedFirst), ("forcedLast", forcedLast)] {
      if let token { members[name] = .integer(token) }
    }
    return .object(members)
  }
}
