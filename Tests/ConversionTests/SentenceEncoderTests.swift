// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import Tensors
import Testing
import TestSupport
import Text
import Transformer

@testable import Conversion
@testable import ModelFile

/// Converts and runs checkpoints of transformers, and compares with PyTorch. Tools/fixtures/sentence_encoders.py makes them.
@Suite struct SentenceEncoderTests {
  struct Golden {
    let text: String
    let tokens: [Int32]
    let embeddings: [String: [Float]]

    init(_ json: JSONValue) throws {
      text = try json.string("text")
      tokens = try json.tokens("tokens")
      embeddings = try json.object("embeddings").mapValues { try $0.numbers().map { Float($0) } }
    }
  }

  static let families = ["bert", "roberta", "xlmr", "e5"]

  private func converted(
    _ family: String, _ pooling: SentencePooling?, in folder: TemporaryFolder, floats: Bool = true
  ) throws -> ContainerFile {
    let converter = Converter(
      checkpoint: Checkpoint(retriever: try fixture("encoders/" + family)), keepsFloats: floats,
      sentences: SentenceOptions(pooling: pooling, maximumTokens: 64))
    try converter.convert().writer.write(to: folder.file("model"))
    return try ContainerFile(path: folder.file("model"), kind: .model)
  }

  private func golden(_ family: String) throws -> [Golden] {
    let rows = try JSONValue(parsing: readFile(fixture("encoders/\(family)/golden.json"))).array().map(Golden.init)
    try #require(rows.count >= 10)
    return rows
  }

  @Test(arguments: families, SentencePooling.allCases)
  func floatPathEqualsPyTorchInEveryPooling(family: String, pooling: SentencePooling) throws {
    let folder = TemporaryFolder()
    let encoder = try SentenceEncoder(file: converted(family, pooling, in: folder), name: "retriever")
    let arena = Arena(capacity: encoder.scratch(tokens: encoder.maximumTokens))
    for row in try golden(family) {
      let expected = try #require(row.embeddings[pooling.rawValue])
      #expect(Agreement.largestDifference(try encoder.encode(row.tokens, arena: arena), expected) < 1e-4, "\(row.text)")
    }
    #expect(arena.highWater == arena.capacity)
  }

  @Test(arguments: families, SentencePooling.allCases)
  func int8PathKeepsTheDirection(family: String, pooling: SentencePooling) throws {
    let folder = TemporaryFolder()
    let encoder = try SentenceEncoder(file: converted(family, pooling, in: folder, floats: false), name: "retriever")
    let arena = Arena(capacity: encoder.scratch)
    for row in try golden(family) {
      let expected = try #require(row.embeddings[pooling.rawValue])
      // Errors average out little over about forty columns. Tools/full-size tests real sizes.
      #expect(Agreement.cosine(try encoder.encode(row.tokens, arena: arena), expected) > 0.985, "\(row.text)")
    }
  }

  @Test(arguments: families)
  func tokensAreThoseOfTransformersCutAlike(family: String) throws {
    let folder = TemporaryFolder()
    let file = try converted(family, nil, in: folder)
    let tokenizer = try Tokenizer(file: file, name: Tokenizer.name(of: "retriever", in: file))
    for row in try golden(family) { #expect(tokenizer.framed(row.text, limit: 64) == row.tokens, "\(row.text)") }
  }

  @Test func theMetadataSaysFamilyTokenizerAndPooling() throws {
    let folder = TemporaryFolder()
    let roberta = try converted("roberta", nil, in: folder).metadata
    // 1_Pooling has cls; an option overrides it.
    #expect(try roberta.string("retriever", "pooling") == "cls")
    #expect(try roberta.string("retriever", "family") == "roberta")
    #expect(try roberta.integer("retriever", "maximumPositions") == 70)
    #expect(try roberta.string("tokenizers", "encoder", "kind") == "bytelevelbpe")
    #expect(try converted("roberta", .mean, in: folder).metadata.string("retriever", "pooling") == "mean")
    let bert = try converted("bert", nil, in: folder).metadata
    #expect(try bert.string("retriever", "pooling") == "mean")
    #expect(bert["tokenizers"] == nil && bert.value(at: ["retriever", "family"]) == nil)
    let xlmr = try converted("xlmr", nil, in: folder).metadata
    #expect(try xlmr.string("retriever", "family") == "roberta" && xlmr.integer("retriever", "maximumPositions") == 70)
    #expect(try xlmr.string("tokenizers", "encoder", "kind") == "unigram")
    let e5 = try converted("e5", nil, in: folder).metadata
    #expect(try e5.string("retriever", "pooling") == "mean" && e5.integer("retriever", "maximumPositions") == 70)
    #expect(e5.value(at: ["retriever", "family"]) == nil && e5.value(at: ["retriever", "prompt"]) == nil)
  }

  /// The stage `restore` of the training reads this file in its own test (`test_restore.py`).
  @Test func theModelThatTrainingRestoresIsOfThisCheckpoint() throws {
    let folder = TemporaryFolder()
    let checkpoint = Checkpoint(retriever: try fixture("encoders/e5"))
    try Converter(checkpoint: checkpoint).convert().writer.write(to: folder.file("model"))
    #expect(try readFile(folder.file("model")) == readFile(fixture("encoders/e5/retriever.assigner")))
  }

  /// E5 wants "query: " before every text. A checkpoint says so by `default_prompt_name`.
  @Test func aUnigramNetworkHasItsPrompt() throws {
    let folder = TemporaryFolder()
    let copy = folder.file("e5")
    try copyFolder(fixture("encoders/e5"), to: copy)
    let prompts = #"{"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": "query"}"#
    try write(Array(prompts.utf8), to: copy + "/config_sentence_transformers.json")
    let model = try Converter(checkpoint: Checkpoint(retriever: copy), sentences: SentenceOptions(maximumTokens: 64)).convert()
      .writer
    try model.write(to: folder.file("model"))
    #expect(try ContainerFile(path: folder.file("model")).metadata.string("retriever", "prompt") == "query: ")
  }

  @Test func equalTokenizersAreStoredOnceAndOthersBesideThem() throws {
    let folder = TemporaryFolder()
    func file(_ retriever: String, _ selector: String) throws -> ContainerFile {
      let checkpoint = Checkpoint(retriever: try fixture("encoders/" + retriever), selector: try fixture("encoders/" + selector))
      let converter = Converter(checkpoint: checkpoint, sentences: SentenceOptions(maximumTokens: 64))
      try converter.convert().writer.write(to: folder.file("model"))
      return try ContainerFile(path: folder.file("model"), kind: .model)
    }
    let same = try file("roberta", "roberta")
    #expect(same.sections.count { $0.name.hasPrefix("text/") } == 2)
    #expect(try Tokenizer.name(of: "selector", in: same) == "encoder")
    let mixed = try file("bert", "roberta")
    #expect(try Tokenizer.name(of: "selector", in: mixed) == "selector")
    #expect(Tokenizer.sections(of: "encoder", in: mixed) == ["text/vocabulary"])
    #expect(Tokenizer.sections(of: "selector", in: mixed) == ["text/selector.pieces", "text/selector.merges"])
    #expect(try Tokenizer(file: mixed, name: "selector").pairSeparator == [2, 2])
    #expect(try Tokenizer(file: mixed, name: "encoder").pairSeparator.count == 1)
    #expect(throws: ContainerError.self) { try Tokenizer(file: mixed, name: "generator") }
  }

  /// The error for a RoBERTa checkpoint with one change.
  private func refusal(_ change: (String) throws -> Void) throws -> String {
    let folder = TemporaryFolder()
    let copy = folder.file("roberta")
    try copyFolder(fixture("encoders/roberta"), to: copy)
    try change(copy)
    do {
      _ = try Converter(checkpoint: Checkpoint(retriever: copy), sentences: SentenceOptions(maximumTokens: 64)).convert()
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test func whatCannotBeRunIsRefused() throws {
    func config(_ old: String, _ new: String) throws -> String {
      try refusal { folder in
        let text = String(decoding: try readFile(folder + "/config.json"), as: UTF8.self)
        try write(Array(text.replacing(old, with: new).utf8), to: folder + "/config.json")
      }
    }
    func file(_ name: String, _ content: String) throws -> String {
      try refusal { try write(Array(content.utf8), to: $0 + "/" + name) }
    }
    #expect(try config("roberta", "roberta") == "accepted")
    #expect(try config("\"roberta\"", "\"deberta\"").contains("model_type: is \"deberta\""))
    #expect(
      try config("\"max_position_embeddings\": 72", "\"max_position_embeddings\": 65").contains(
        "leaves 63 positions, fewer than 64 tokens"))
    #expect(try config("\"vocab_size\": 1057", "\"vocab_size\": 1056").contains("has 1057 pieces; the configuration says 1056"))
    #expect(try config("\"gelu\"", "\"relu\"").contains("hidden_act"))
    #expect(try file("1_Pooling/config.json", "{\"pooling_mode\": \"max\"}").contains("pooling_mode: is max; only mean or cls"))
    #expect(try file("1_Pooling/config.json", "{\"pooling_mode\": [\"mean\", \"cls\"]}").contains("pooling_mode: is mean + cls"))
    #expect(try file("1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}") == "accepted")
    #expect(try file("modules.json", "[{\"type\": \"sentence_transformers.models.Dense\"}]").contains("0.type: is Dense"))
    #expect(try file("merges.txt", "a b c\n").contains("vocab.json: merges, line 1"))
    #expect(try file("tokenizer.json", "{}").contains("tokenizer.json: pre_tokenizer.type: is missing"))
    #expect(try file("added_tokens.json", "{}").contains("added_tokens.json: is not read"))
    #expect(try file("tokenizer_config.json", "{\"cls_token\": 3}").contains("tokenizer_config.json: cls_token"))
  }

  @Test func aPoolerIsDemandedOnlyWhereItIsAskedFor() throws {
    let folder = TemporaryFolder()
    var checkpoint = TinyCheckpoint()
    checkpoint.retriever["pooler.dense.weight"] = nil
    try checkpoint.write(to: folder.path)
    func convert(_ pooling: SentencePooling) throws {
      _ = try Converter(
        checkpoint: Checkpoint(retriever: folder.file("retriever")), sentences: SentenceOptions(pooling: pooling)
      ).convert()
    }
    try convert(.cls)
    let error = #expect(throws: ConversionError.self) { try convert(.clsThroughLayer) }
    #expect(error?.description.contains("missing tensor \"pooler.dense.weight\"") == true)
    // SimCSE's training saves the layer under another name.
    checkpoint.retriever["mlp.dense.weight"] = TestTensor([8, 8], seed: "mlp")
    checkpoint.retriever["mlp.dense.bias"] = TestTensor([8], seed: "mlp")
    checkpoint.retriever = Dictionary(
      uniqueKeysWithValues: checkpoint.retriever.map { ($0.hasPrefix("mlp") ? $0 : "bert." + $0, $1) })
    checkpoint.retriever["lm_head.bias"] = TestTensor([7], seed: "head")
    try checkpoint.write(to: folder.path)
    try convert(.clsThroughLayer)
  }
}
