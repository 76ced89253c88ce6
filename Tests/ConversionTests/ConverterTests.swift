// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Conversion
@testable import ModelFile

@Suite struct ConverterTests {
  static let ranking = """
    {"features":["length","inText"],"base":0.5,
     "trees":[{"feature":[1,-1,-1],"threshold":[0.5,0,0],"left":[1,0,0],"right":[2,0,0],"value":[0,-1,1.5]}],
     "calibration":{"x":[0,1],"y":[0.1,0.9]}}
    """

  func converted(_ checkpoint: TinyCheckpoint, in folder: TemporaryFolder, floats: Bool = false) throws -> (
    ContainerFile, ConversionReport
  ) {
    try checkpoint.write(to: folder.path)
    let converter = Converter(checkpoint: Checkpoint(folder: folder.path), keepsFloats: floats, license: "own")
    let (writer, report) = try converter.convert()
    try writer.write(to: folder.file("model"))
    return (try ContainerFile(path: folder.file("model"), kind: .model), report)
  }

  /// The error for a checkpoint with one change.
  func refusal(_ change: (inout TinyCheckpoint) -> Void) throws -> String {
    let folder = TemporaryFolder()
    var checkpoint = TinyCheckpoint()
    change(&checkpoint)
    try checkpoint.write(to: folder.path)
    do {
      _ = try Converter(checkpoint: Checkpoint(folder: folder.path)).convert()
    } catch {
      #expect(error.exitStatus == .unfitFile)
      return error.description
    }
    return "accepted"
  }

  @Test func floatsArriveUnchanged() throws {
    let folder = TemporaryFolder()
    let checkpoint = TinyCheckpoint()
    let (file, report) = try converted(checkpoint, in: folder, floats: true)
    try file.verify()
    let retriever = checkpoint.retriever
    #expect(
      Array(try file.floats("retriever/embeddings.word", shape: [7, 8])) == retriever["embeddings.word_embeddings.weight"]?.values
    )
    #expect(
      Array(try file.floats("retriever/layers.0.feedForward.up.weight", shape: [12, 8]))
        == retriever["encoder.layer.0.intermediate.dense.weight"]?.values)
    // Token type 0 is folded into the positions.
    let positions = try #require(retriever["embeddings.position_embeddings.weight"]?.values)
    let types = try #require(retriever["embeddings.token_type_embeddings.weight"]?.values)
    #expect(
      Array(try file.floats("retriever/embeddings.position", shape: [128, 8]))
        == positions.indices.map { positions[$0] + types[$0 % 8] })
    #expect(
      Array(try file.floats("generator/decoder/position", shape: [3, 8]))
        == (checkpoint.generator["model.decoder.embed_positions.weight"]?.values.dropFirst(16)).map(Array.init))
    #expect(Array(try file.floats("generator/finalBias", shape: [5])) == checkpoint.generator["final_logits_bias"]?.values)
    #expect(
      Array(try file.floats("generator/diffusion/output.down.weight", shape: [4, 8]))
        == checkpoint.generator["diffusion.output_projection.2.weight"]?.values)
    #expect(report.rows.allSatisfy { $0.type == .float32 && $0.error == nil })
    #expect(try file.metadata.string("quantization") == "float32")
  }

  @Test func hashtagsVectorsComeWithTheSelector() throws {
    let folder = TemporaryFolder()
    var checkpoint = TinyCheckpoint()
    let vectors = TestTensor([2, 8], seed: "hashtags")
    checkpoint.hashtags = ("flood\nrivertown_2\n", vectors)
    let (file, report) = try converted(checkpoint, in: folder)
    #expect(try file.bytes("text/hashtags") == Array("flood\nrivertown_2\n".utf8))
    let scales = try file.floats("hashtags/vectors.scale", shape: [2])
    for (index, integer) in try file.int8("hashtags/vectors", shape: [2, 8]).enumerated() {
      #expect(abs(Float(integer) * scales[index / 8] - vectors.values[index]) <= scales[index / 8] / 2 * 1.001)
    }
    #expect(report.rows.contains { $0.name == "hashtags/vectors" && $0.type == .int8 })
  }

  @Test(arguments: [
    ("flood\nFlood\n", "line 2"), ("flood\nflood\n", "line 2"), ("flood\n\n", "line 2"), ("", "is empty"),
    ("flood\nfire\nstorm\n", "vectors"),
  ]) func hashtagsThatDoNotFitTheirVectors(text: String, complaint: String) throws {
    let refusal = try refusal { $0.hashtags = (text, TestTensor([2, 8], seed: "hashtags")) }
    #expect(refusal.contains("hashtags.") && refusal.contains(complaint))
  }

  @Test func sharedTensorsAreStoredOnce() throws {
    let folder = TemporaryFolder()
    let (file, report) = try converted(TinyCheckpoint(), in: folder)
    // All networks share the word embeddings. The generator's encoder equals the retriever; the selector differs.
    #expect(file.aliases["selector/embeddings.word"] == "retriever/embeddings.word")
    #expect(file.aliases["selector/embeddings.word.scale"] == "retriever/embeddings.word.scale")
    #expect(file.aliases["generator/encoder/embeddings.word"] == "retriever/embeddings.word")
    #expect(file.aliases["generator/encoder/embeddings.position"] == "retriever/embeddings.position")
    #expect(file.aliases["selector/embeddings.position"] == nil)
    let encoder = report.rows.filter { $0.name.hasPrefix("generator/encoder/") }
    #expect(!encoder.isEmpty && encoder.allSatisfy { $0.sharedWith == $0.name.replacing("generator/encoder", with: "retriever") })
    #expect(
      Array(try file.int8("generator/encoder/layers.0.attention.key.weight", shape: [1, 2, 16, 4]))
        == Array(try file.int8("retriever/layers.0.attention.key.weight")))
    #expect(report.table.contains("= retriever/embeddings.word"))
    #expect(try report.json.array().count == report.rows.count)
  }

  @Test func everyTensorOfTheArchitectureIsThere() throws {
    let folder = TemporaryFolder()
    let (file, report) = try converted(TinyCheckpoint(), in: folder)
    for layers in ["retriever/layers.0", "selector/layers.0", "generator/encoder/layers.0"] {
      for part in [
        "attention.query", "attention.key", "attention.value", "attention.output", "feedForward.up", "feedForward.down",
      ] {
        #expect(file.section("\(layers).\(part).weight")?.type == .int8)
        #expect(file.section("\(layers).\(part).weight.scale")?.type == .float32)
        #expect(file.section("\(layers).\(part).bias")?.type == .float32)
      }
      for norm in ["attention.norm", "feedForward.norm"] { #expect(file.contains("\(layers).\(norm).weight")) }
    }
    for part in ["selfAttention.query", "selfAttention.output", "crossAttention.key", "crossAttention.output", "feedForward.up"] {
      #expect(file.section("generator/decoder/layers.0.\(part).weight")?.type == .int8)
    }
    for norm in ["norm", "layers.0.selfAttention.norm", "layers.0.crossAttention.norm", "layers.0.feedForward.norm"] {
      #expect(file.contains("generator/decoder/\(norm).bias"))
    }
    for name in ["tokenEmbedding", "alphaBar", "time.up.weight", "time.down.bias", "input.up.weight", "output.down.weight"] {
      #expect(file.section("generator/diffusion/\(name)")?.type == .float32)
    }
    #expect(try file.bytes("text/vocabulary") == Array(TinyCheckpoint().vocabulary.utf8))
    #expect(try file.bytes("text/generationVocabulary") == Array(TinyCheckpoint().generationVocabulary.utf8))
    #expect(!file.contains("ranking"))
    #expect(try file.metadata.string("architecture") == "assigner")
    #expect(try file.metadata.string("license") == "own")
    #expect(try file.metadata.integer("selector", "maximumTokens") == 128)
    #expect(try file.metadata.integer("generator", "diffusion", "timesteps") == 5)
    #expect(try file.metadata.number("generator", "diffusion", "logitScale") == 2.5)
    #expect(report.rows.allSatisfy { ($0.reason == nil) == ($0.error != nil) })
  }

  @Test func whatDoesNotFitIsNamed() throws {
    #expect(
      try refusal { $0.retriever["extra.weight"] = TestTensor([1], [1]) }.hasSuffix(
        "retriever/model.safetensors: unknown tensor \"extra.weight\""))
    #expect(try refusal { $0.generator["lm_head.weight"] = TestTensor([1], [1]) }.contains("unknown tensor \"lm_head.weight\""))
    #expect(try refusal { $0.generator["diffusion.alpha_bar"] = nil }.hasSuffix("missing tensor \"diffusion.alpha_bar\""))
    #expect(
      try refusal { $0.selector["embeddings.token_type_embeddings.weight"] = nil }.contains(
        "selector/model.safetensors: missing tensor"))
    #expect(
      try refusal { $0.generator["final_logits_bias"] = TestTensor([5], seed: "x") }.contains(
        "\"final_logits_bias\": has shape [5]; the configuration makes [1, 5]"))
    #expect(
      try refusal { $0.retriever["embeddings.LayerNorm.bias"]?.values[3] = .nan }.contains(
        "\"embeddings.LayerNorm.bias\": element 3 is infinite"))
    #expect(try refusal { $0.generator["diffusion.alpha_bar"]?.values[4] = 1.5 }.hasSuffix("step 1, position 1 is 1.5"))
    #expect(try refusal { $0.generator["diffusion.alpha_bar"]?.values[4] = 0.99 }.hasSuffix("step 1, position 1 does not fall"))
    #expect(try refusal { $0.vocabulary = "[PAD]\n" }.contains("vocab.txt: vocabulary: the piece [UNK] is missing"))
    #expect(try refusal { $0.vocabulary += "one more\n" }.contains("has 8 pieces; the configuration says 7"))
    #expect(try refusal { $0.vocabulary = "a\nb\nc\nd\ne\nf\ng" }.contains("the piece [PAD] is missing"))
    #expect(try refusal { $0.generationVocabulary = "a\nb\nc\nd\ne" }.contains("line 1 is not <s>"))
    #expect(try refusal { $0.tokenizer = ["do_lower_case": false] }.contains("do_lower_case: is false; only true is supported"))
    #expect(try refusal { $0.ranking = "{}" }.contains("ranking: features: is missing"))
  }

  @Test func configurationsThisProgramCannotRunAreRefused() throws {
    func bert(_ key: String, _ value: JSONValue?) throws -> String {
      try refusal { $0.bertConfig = $0.bertConfig.replacing([key], value) }
    }
    #expect(
      try bert("model_type", "albert").contains(
        "config.json: model_type: is \"albert\"; only \"bert\", \"roberta\" and \"xlm-roberta\" are supported"))
    #expect(try bert("hidden_act", "gelu_new").contains("hidden_act"))
    #expect(try bert("position_embedding_type", "relative_key").contains("position_embedding_type"))
    #expect(try bert("hidden_size", nil).contains("hidden_size: is missing"))
    #expect(try bert("hidden_size", .integer(1 << 40)).contains("hidden_size: is 1099511627776, outside"))
    #expect(try bert("num_attention_heads", 3).contains("which does not divide 8"))
    #expect(try bert("num_attention_heads", 0).contains("num_attention_heads: is 0, outside"))
    #expect(try bert("max_position_embeddings", 64).contains("position_embeddings.weight\": has shape [128, 8]"))
    #expect(try bert("layer_norm_eps", 0).contains("layer_norm_eps"))
    func bart(_ path: [String], _ value: JSONValue?) throws -> String {
      try refusal { $0.bartConfig = $0.bartConfig.replacing(path, value) }
    }
    #expect(try bart(["scale_embedding"], true).contains("scale_embedding"))
    #expect(try bart(["diffusion", "embedding_dim"], nil).contains("diffusion.embedding_dim: is missing"))
    #expect(try bart(["diffusion"], nil).contains("eos_token_id: is missing"))
    #expect(try bart(["diffusion", "bos_token_id"], 5).contains("diffusion.bos_token_id: is 5, outside 0...4"))
    #expect(try bart(["diffusion", "positions"], 4).contains("embed_positions"))
  }

  @Test func missingAndCutFilesLeaveNothing() throws {
    let folder = TemporaryFolder()
    do {
      _ = try Converter(checkpoint: Checkpoint(folder: folder.path)).convert()
      Issue.record("accepted")
    } catch {
      #expect(error.exitStatus == .missingFile)
      #expect(error.description.contains("retriever/config.json: cannot be opened"))
    }
    let checkpoint = TinyCheckpoint()
    try checkpoint.write(to: folder.path)
    let whole = safetensors(checkpoint.generator)
    try write(Array(whole.dropLast(3)), to: folder.file("generator/model.safetensors"))
    #expect(throws: ConversionError.self) { try Converter(checkpoint: Checkpoint(folder: folder.path)).convert() }
    #expect(folder.names == ["generator", "retriever", "selector"])
  }

  @Test func theRankingIsReplacedAlone() throws {
    let folder = TemporaryFolder()
    var checkpoint = TinyCheckpoint()
    checkpoint.ranking = Self.ranking
    let (first, _) = try converted(checkpoint, in: folder)
    #expect(try first.bytes("ranking") == Array(Self.ranking.utf8))
    let other = Self.ranking.replacing("0.5", with: "0.25")
    try write(Array(other.utf8), to: folder.file("other.json"))
    let writer = try ModelUpdate.updating(modelAt: folder.file("model"), ranking: folder.file("other.json"))
    try writer.write(to: folder.file("updated"))
    let updated = try ContainerFile(path: folder.file("updated"))
    try updated.verify()
    #expect(try updated.bytes("ranking") == Array(other.utf8))
    #expect(updated.metadata == first.metadata)
    #expect(updated.sections.map(\.name) == first.sections.map(\.name))
    for section in first.sections where section.name != "ranking" {
      #expect(updated.section(section.name)?.checksum == section.checksum)
    }
    try write(Array("{}".utf8), to: folder.file("other.json"))
    #expect(throws: ConversionError.self) {
      try ModelUpdate.updating(modelAt: folder.file("model"), ranking: folder.file("other.json"))
    }
  }

  /// Rankings that the runtime refuses. The message is that of its parser: the file, the place in it and the rule.
  @Test func rankingsThatTheRuntimeRefusesAreRefused() throws {
    #expect(try refusal { $0.ranking = Self.ranking } == "accepted")
    for (old, new, message) in [
      ("\"length\"", "\"phaseOfTheMoon\"", "features: this program does not know the feature \"phaseOfTheMoon\""),
      ("\"length\"", "\"inText\"", "features: names \"inText\" twice"),
      ("\"left\":[1,0,0]", "\"left\":[0,0,0]", "trees.0: node 0 has the child 0, which must come after it"),
      ("\"left\":[1,0,0]", "\"left\":[3,0,0]", "trees.0: node 0 leads to node 3, outside 0..<3"),
      ("\"left\":[1,0,0]", "\"left\":[1,0]", "trees.0: its arrays are empty or differ in length"),
      ("\"feature\":[1,", "\"feature\":[2,", "trees.0: node 0 uses feature 2, outside 0..<2"),
      ("\"x\":[0,1]", "\"x\":[1,0]", "calibration.x.1: is less than the number before it"),
      ("\"y\":[0.1,0.9]", "\"y\":[0.1,1.9]", "calibration.y.1: is 1.9, outside 0...1"),
    ] {
      let refusal = try refusal { $0.ranking = Self.ranking.replacing(old, with: new) }
      #expect(refusal.hasSuffix("ranking.json: ranking: " + message), "\(refusal)")
    }
  }
}

extension JSONValue {
  /// A copy of the object with the member at a path replaced or removed.
  func replacing(_ path: [String], _ value: JSONValue?) -> JSONValue {
    guard case .object(var members) = self, let key = path.first else { return self }
    members[key] = path.count == 1 ? value : members[key]?.replacing(Array(path.dropFirst()), value)
    return .object(members)
  }
}
