// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import Testing
import TestSupport

@testable import Conversion
@testable import ModelFile

/// Changed copies of the checkpoints that `Tools/fixtures/bart.py` makes.
@Suite struct BARTConversionTests {
  struct Changed {
    var tensors: [String: TestTensor] = [:]
    var config: JSONValue
    var generation: JSONValue?

    init() throws {
      let folder = BARTBook.all[1].checkpoint
      let file = try SafetensorsFile(path: folder + "/model.safetensors")
      for name in file.names { tensors[name] = TestTensor(file.shape(name) ?? [], try file.floats(name)) }
      config = try JSONValue(parsing: readFile(folder + "/config.json"))
      generation = try JSONValue(parsing: readFile(folder + "/generation_config.json"))
    }

    /// The names lack "model.", as in a saved `BartModel`.
    mutating func removePrefix() {
      tensors = Dictionary(
        uniqueKeysWithValues: tensors.map { ($0.key.hasPrefix("model.") ? String($0.key.dropFirst(6)) : $0.key, $0.value) })
    }

    func convert(notes: (String) -> Void = { _ in }) throws -> ContainerFile {
      let folder = TemporaryFolder()
      try write(Array(config.serialized().utf8), to: folder.file("config.json"))
      if let generation { try write(Array(generation.serialized().utf8), to: folder.file("generation_config.json")) }
      try write(safetensors(tensors), to: folder.file("model.safetensors"))
      let (writer, _) = try Converter(checkpoint: Checkpoint(generator: folder.path), keepsFloats: true).convert(progress: notes)
      try writer.write(to: folder.file("model"))
      return try ContainerFile(path: folder.file("model"), kind: .model)
    }
  }

  func refusal(_ change: (inout Changed) -> Void) throws -> String {
    var checkpoint = try Changed()
    change(&checkpoint)
    do {
      _ = try checkpoint.convert()
    } catch let error as ConversionError {
      #expect(error.exitStatus == .unfitFile)
      return error.description
    }
    return "accepted"
  }

  func sections(_ file: ContainerFile) throws -> [String: [UInt8]] {
    try Dictionary(uniqueKeysWithValues: file.sections.filter { !$0.isCompressed }.map { ($0.name, try file.bytes($0.name)) })
  }

  @Test func bothWaysToSaveMakeTheSameModel() throws {
    let whole = try Changed().convert()
    var bare = try Changed()
    bare.removePrefix()
    let bias = bare.tensors.removeValue(forKey: "final_logits_bias")
    #expect(bias?.shape == [1, 64])
    let file = try bare.convert()
    var expected = try sections(whole)
    expected["generator/finalBias"] = [UInt8](repeating: 0, count: 256)
    #expect(try sections(file) == expected)
    #expect(try file.metadata.required(["generator"]) == whole.metadata.required(["generator"]))
    #expect(file.metadata["retriever"] == nil && file.metadata["selector"] == nil)
  }

  @Test func tiedEmbeddingsAreComparedAndStoredOnce() throws {
    let names = ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"]
    let plain = try Changed()
    let words = try #require(plain.tensors["model.shared.weight"])
    var all = plain
    for name in names { all.tensors[name] = words }
    #expect(try sections(all.convert()) == sections(plain.convert()))
    // One of the names is enough.
    for name in names {
      var other = plain
      other.tensors["model.shared.weight"] = nil
      other.tensors[name] = words
      #expect(try sections(other.convert()) == sections(plain.convert()))
    }
    for name in names {
      var different = words
      different.values[different.values.count - 1] += 1e-6
      let message = try refusal { $0.tensors[name] = different }
      #expect(message.contains("tensor \"\(name)\": differs from \"model.shared.weight\"; the two are tied"))
      let short = try refusal { $0.tensors[name] = TestTensor([63, 32], seed: "short") }
      #expect(short.contains("\"\(name)\": differs"))
    }
    #expect(try refusal { $0.tensors["model.shared.weight"] = nil }.contains("missing tensor \"model.shared.weight\""))
  }

  @Test func settingsComeFromTheNewerFileOrTheOlder() throws {
    var checkpoint = try Changed()
    func generation() throws -> JSONValue { try checkpoint.convert().metadata.required(["generator", "generation"]) }
    #expect(try generation().integer("forcedFirst") == 0 && generation().integer("forcedLast") == 2)
    checkpoint.generation = checkpoint.generation?.replacing(["forced_bos_token_id"], nil)
    #expect(try generation()["forcedFirst"] == nil)
    checkpoint.generation = [
      "num_beams": 4, "max_length": 30, "min_length": 3, "length_penalty": 2, "early_stopping": true,
      "no_repeat_ngram_size": 3, "eos_token_id": [2], "repetition_penalty": 1.2, "do_sample": false,
    ]
    var notes: [String] = []
    let settings = try checkpoint.convert { notes.append($0) }.metadata.required(["generator", "generation"])
    #expect(
      settings == [
        "start": 2, "end": 2, "bos": 0, "pad": 1, "beams": 4, "maximumLength": 30, "minimumLength": 3, "lengthPenalty": 2.0,
        "earlyStopping": "whenFull", "noRepeat": 3,
      ])
    #expect(notes.contains { $0.hasSuffix("not applied: repetition_penalty") })
    checkpoint.generation = nil
    for (key, value) in [("forced_bos_token_id", 0), ("num_beams", 5)] as [(String, JSONValue)] {
      checkpoint.config = checkpoint.config.replacing([key], value)
    }
    #expect(try generation().integer("forcedFirst") == 0 && generation().integer("beams") == 5)
  }

  @Test func whatCannotBeRunIsRefused() throws {
    #expect(try refusal { _ in } == "accepted")
    #expect(try refusal { $0.generation = ["early_stopping": 3] }.contains("early_stopping: is not true, false or"))
    #expect(try refusal { $0.generation = ["forced_bos_token_id": 64] }.contains("forced_bos_token_id: is 64, outside 0...63"))
    #expect(try refusal { $0.generation = ["eos_token_id": [1, 2]] }.contains("eos_token_id"))
    #expect(try refusal { $0.generation = ["max_length": .integer(.max)] }.contains("max_length"))
    #expect(try refusal { $0.config = $0.config.replacing(["tie_word_embeddings"], false) }.contains("tie_word_embeddings"))
    #expect(try refusal { $0.config = $0.config.replacing(["add_final_layer_norm"], true) }.contains("add_final_layer_norm"))
    #expect(
      try refusal { $0.config = $0.config.replacing(["d_model"], 48) }.contains(
        "has shape [64, 32]; the configuration makes [64, 48]"))
    #expect(try refusal { $0.config = $0.config.replacing(["decoder_layers"], 3) }.contains("missing tensors"))
    #expect(
      try refusal { $0.tensors["model.extra.weight"] = TestTensor([1], [1]) }.contains("unknown tensor \"model.extra.weight\""))
  }
}
