// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import Tensors
import TestSupport
import Testing
import Text
import Transformer

@testable import Conversion
@testable import ModelFile

/// A checkpoint of sentence-transformers in the older layout; the fixtures are made by
/// Tools/fixtures/sentence_transformers_checkpoint.py.
@Suite struct SentenceTransformersTests {
  /// A copy of a fixture, changed and converted.
  private func converted(
    _ name: String = "sentences", below: String = "", options: SentenceOptions = SentenceOptions(),
    in folder: TemporaryFolder, change: (String) throws -> Void = { _ in },
    notes: (String) -> Void = { _ in }
  ) throws -> ContainerFile {
    let copy = folder.file(name)
    try copyFolder(fixture("encoders/" + name), to: copy)
    try change(copy)
    let converter = Converter(checkpoint: Checkpoint(retriever: copy + below), keepsFloats: true, sentences: options)
    try converter.convert(progress: notes).writer.write(to: folder.file("model"))
    return try ContainerFile(path: folder.file("model"), kind: .model)
  }

  /// The error for a changed copy, without the folder's name.
  private func refusal(
    _ name: String = "sentences", below: String = "", change: (String) throws -> Void
  ) throws -> String {
    let folder = TemporaryFolder()
    do {
      _ = try converted(name, below: below, in: folder, change: change)
      return "accepted"
    } catch let error as ConversionError {
      #expect(!folder.names.contains("model"))
      return error.description.replacing(folder.file(name) + "/", with: "")
    }
  }

  /// Changes one member of a JSON file.
  private func refusal(_ name: String = "sentences", file: String, _ path: [String], _ value: JSONValue?) throws -> String {
    try refusal(name) { try change($0 + "/" + file, path, value) }
  }

  private func change(_ file: String, _ path: [String], _ value: JSONValue?) throws {
    let json = try (try? readFile(file)).map { try JSONValue(parsing: $0) } ?? [:]
    try write(Array(json.replacing(path, value).serialized().utf8), to: file)
  }

  @Test(arguments: ["", "/", "/0_Transformer", "/0_Transformer/", "/0_Transformer/model.safetensors"])
  func vectorsAreThoseOfSentenceTransformers(below: String) throws {
    let folder = TemporaryFolder()
    let file = try converted(below: below, in: folder)
    let tokenizer = try Tokenizer(file: file, name: Tokenizer.name(of: "retriever", in: file))
    let encoder = try SentenceEncoder(file: file, name: "retriever")
    #expect(encoder.prompt == "The user : " && encoder.maximumTokens == 24)
    #expect(try file.metadata.string("retriever", "pooling") == "cls")
    // The table has 64 rows for 55 tokens.
    #expect(try file.metadata.integer("retriever", "vocabularySize") == 64 && tokenizer.count == 55)
    let arena = Arena(capacity: encoder.scratch)
    let rows = try JSONValue(parsing: readFile(fixture("encoders/sentences/golden.json"))).array()
    #expect(rows.count == 7)
    for row in rows {
      let text = try row.string("text")
      let tokens = tokenizer.framed(encoder.prompt + text, limit: encoder.maximumTokens)
      #expect(try tokens == row.tokens("tokens"), "\(text)")
      let expected = try row.numbers("embedding").map { Float($0) }
      #expect(Agreement.largestDifference(try encoder.encode(tokens, arena: arena), expected) < 1e-4, "\(text)")
    }
  }

  @Test func lengthsAreThoseThatAreSaid() throws {
    func length(
      _ options: SentenceOptions, _ change: (String) throws -> Void
    ) throws -> Int {
      let folder = TemporaryFolder()
      return try converted(options: options, in: folder, change: change).metadata.integer("retriever", "maximumTokens")
    }
    func said(_ value: JSONValue?) -> (String) throws -> Void {
      { try self.change($0 + "/0_Transformer/sentence_bert_config.json", ["max_seq_length"], value) }
    }
    #expect(try length(SentenceOptions(), said(24)) == 24)
    #expect(try length(SentenceOptions(maximumTokens: 30), said(24)) == 30)
    // There are 40 positions.
    #expect(try length(SentenceOptions(), said(512)) == 40)
    #expect(try length(SentenceOptions(), said(nil)) == 40)
    #expect(try length(SentenceOptions(), said(.null)) == 40)
    #expect(
      try length(SentenceOptions()) { folder in
        try said(nil)(folder)
        try change(folder + "/0_Transformer/tokenizer_config.json", ["model_max_length"], 32)
      } == 32)
    // Without settings of sentence-transformers the limit is 128, or the tokenizer's if that is less.
    let folder = TemporaryFolder()
    let file = try converted("bert", in: folder) { try change($0 + "/tokenizer_config.json", ["model_max_length"], 50) }
    #expect(try file.metadata.integer("retriever", "maximumTokens") == 50)
  }

  @Test func promptsWithoutADefaultAreNotUsedAndSaidSo() throws {
    let folder = TemporaryFolder()
    var notes: [String] = []
    let file = try converted(
      in: folder, change: { try change($0 + "/config_sentence_transformers.json", ["default_prompt_name"], .null) },
      notes: { notes.append($0) })
    #expect(file.metadata.value(at: ["retriever", "prompt"]) == nil)
    #expect(notes.contains { $0.contains("the prompts passage, query are not used; set default_prompt_name") })
  }

  @Test func settingsOfModulesAreFollowedOrRefused() throws {
    func settings(_ key: String, _ value: JSONValue?) throws -> String {
      try refusal(file: "config_sentence_transformers.json", [key], value)
    }
    #expect(try settings("default_prompt_name", "answer") == "config_sentence_transformers.json: prompts.answer: is missing")
    #expect(try settings("similarity_fn_name", "cosine") == "accepted")
    #expect(try settings("similarity_fn_name", "dot") == "accepted")
    #expect(
      try settings("similarity_fn_name", "manhattan").contains("similarity_fn_name: is \"manhattan\"; only cosine similarity"))
    #expect(try settings("truncate_dim", 16).contains("truncate_dim: is 16; truncated embeddings are not supported"))
    #expect(try settings("model_type", "SparseEncoder").contains("model_type: is \"SparseEncoder\"; only"))
    let long = String(repeating: "flood ", count: 22)
    #expect(try settings("prompts", ["query": .string(long)]).contains("the prompt has 22 tokens and leaves no room in 24"))
    #expect(
      try refusal(file: "1_Pooling/config.json", ["pooling_mode_mean_tokens"], true).contains("pooling_mode: is cls + mean"))
    #expect(
      try refusal(file: "1_Pooling/config.json", [], nil) == "accepted"
        && refusal { folder in
          try change(folder + "/1_Pooling/config.json", ["pooling_mode"], "mean")
          try change(folder + "/1_Pooling/config.json", ["include_prompt"], false)
        }.contains("include_prompt: is false; the mean always includes"))

    func modules(_ types: String...) throws -> String {
      try refusal { folder in
        let modules = types.map { type in
          let path = ["Transformer": "0_Transformer", "Pooling": "1_Pooling"][type] ?? ""
          return JSONValue.object(["type": .string("sentence_transformers.models.\(type)"), "path": .string(path)])
        }
        try write(Array(JSONValue.array(modules).serialized().utf8), to: folder + "/modules.json")
        try change(folder + "/config_sentence_transformers.json", ["similarity_fn_name"], "dot")
      }
    }
    #expect(try modules("Transformer", "Pooling", "Normalize") == "accepted")
    #expect(try modules("Transformer", "Pooling", "Dropout", "Normalize") == "accepted")
    #expect(try modules("Transformer", "Pooling").contains("similarity_fn_name: is \"dot\""))
    #expect(try modules("Transformer", "Pooling", "Dense").contains("modules.json: 2.type: is Dense, which is not supported"))
    #expect(try modules("Transformer", "Normalize").contains("modules.json: must list one Transformer, followed by one Pooling"))
    #expect(try modules("Transformer", "Transformer", "Pooling").contains("must list one Transformer"))
    #expect(try refusal { try remove($0 + "/1_Pooling/config.json") }.contains("1_Pooling/config.json: pooling_mode: is missing"))
  }

  @Test func aCopyWithoutTheListPoolsAsItsNeighbourSays() throws {
    let folder = TemporaryFolder()
    let file = try converted(below: "/0_Transformer", in: folder) { try remove($0 + "/modules.json") }
    #expect(try file.metadata.string("retriever", "pooling") == "cls")
  }

  @Test func settingsOfNetworksAreFollowedOrRefused() throws {
    func config(_ key: String, _ value: JSONValue?) throws -> String { try refusal("bert", file: "config.json", [key], value) }
    #expect(try config("hidden_act", "gelu_python") == "accepted")
    for other in ["gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu", "silu"] {
      #expect(try config("hidden_act", .string(other)).contains("config.json: hidden_act: is \"\(other)\"; only gelu"))
    }
    #expect(try config("hidden_act", nil).contains("hidden_act: is missing"))
    for other in ["relative_key", "relative_key_query", "alibi"] {
      #expect(try config("position_embedding_type", .string(other)).contains("position_embedding_type: is \"\(other)\""))
    }
    #expect(try config("position_embedding_type", "absolute") == "accepted")
    #expect(try config("is_decoder", true).contains("config.json: is_decoder: is true; a sentence encoder must attend"))
    #expect(try config("add_cross_attention", true).contains("add_cross_attention: is true"))
    #expect(
      try config("quantization_config", ["load_in_8bit": true]).contains(
        "quantization_config: is {\"load_in_8bit\":true}; convert"))
    #expect(try config("auto_map", ["AutoModel": "modeling.Model"]).contains("auto_map: is"))
    #expect(try config("layer_norm_eps", -1.0).contains("layer_norm_eps"))
    #expect(
      try refusal("bert") { try write(Array("{}".utf8), to: $0 + "/adapter_config.json") }.contains(
        "adapter_config.json: adapters"))
    // Settings without effect on the embeddings.
    for (key, value) in [("torch_dtype", "float16"), ("dtype", "bfloat16"), ("tie_word_embeddings", false)]
      as [(String, JSONValue)]
    {
      #expect(try config(key, value) == "accepted")
    }
    let folder = TemporaryFolder()
    let file = try converted("bert", in: folder) { try change($0 + "/config.json", ["layer_norm_eps"], 1e-5) }
    #expect(try file.metadata.number("retriever", "layerNormEpsilon") == 1e-5)
  }

  @Test func settingsOfTokenizersAreFollowedOrRefused() throws {
    func config(_ key: String, _ value: JSONValue?) throws -> String {
      try refusal("bert", file: "tokenizer_config.json", [key], value)
    }
    #expect(try refusal("bert") { try remove($0 + "/tokenizer_config.json") } == "accepted")
    #expect(try config("do_lower_case", nil) == "accepted")
    for key in ["do_lower_case", "tokenize_chinese_chars", "do_basic_tokenize", "strip_accents"] {
      #expect(try config(key, false).contains("tokenizer_config.json: \(key): is false; only true is supported"))
      #expect(try config(key, true) == "accepted")
    }
    #expect(try config("tokenizer_class", "CanineTokenizer").contains("tokenizer_class: is \"CanineTokenizer\""))
    #expect(try config("truncation_side", "left").contains("truncation_side: is \"left\"; only \"right\" is supported"))
    #expect(try config("truncation_side", "right") == "accepted")
    #expect(try config("split_special_tokens", true).contains("split_special_tokens: is true"))
    for (key, own) in [("unk_token", "[UNK]"), ("cls_token", "[CLS]"), ("sep_token", "[SEP]")] as [(String, JSONValue)] {
      #expect(try config(key, "<s>").contains("tokenizer_config.json: \(key): is \"<s>\"; only \(own.serialized()) is supported"))
      #expect(try config(key, ["content": "<s>"]).contains("\(key): is"))
      #expect(try config(key, ["content": own]) == "accepted")
      #expect(
        try refusal("bert", file: "special_tokens_map.json", [key], "<s>").contains("special_tokens_map.json: \(key): is \"<s>\"")
      )
    }
    #expect(try config("additional_special_tokens", ["[SEP]"]) == "accepted")
    #expect(
      try config("additional_special_tokens", ["[NEW]"]).contains(
        "additional_special_tokens: has \"[NEW]\", which is no added token"))
    #expect(
      try refusal("bert", file: "special_tokens_map.json", ["additional_special_tokens"], [["content": "[NEW]"]]).contains(
        "has \"[NEW]\""))
    #expect(try refusal("bert", file: "added_tokens.json", ["[NEW]"], 400).contains("added_tokens.json: is not read"))
    #expect(
      try refusal(file: "0_Transformer/tokenizer.json", ["truncation"], ["direction": "Left"]).contains("direction: is \"Left\""))
    #expect(
      try refusal(file: "0_Transformer/tokenizer.json", ["truncation"], ["direction": "Right", "max_length": 9]) == "accepted")
    // A byte-level BPE in lower case is not supported; WordPiece always uses lower case.
    let lower = "sentence_bert_config.json"
    #expect(try refusal("roberta", file: lower, ["do_lower_case"], true).contains("\(lower): do_lower_case: is true"))
    #expect(try refusal(file: "0_Transformer/" + lower, ["do_lower_case"], true) == "accepted")
    #expect(try refusal("roberta", file: "tokenizer_config.json", ["truncation_side"], "left").contains("truncation_side"))
  }

  @Test func addedTokensOfAConfigurationAreFound() throws {
    let folder = TemporaryFolder()
    let decoder: JSONValue = [
      "0": ["content": "[PAD]", "special": true], "7": ["content": "@user", "special": false, "single_word": true],
    ]
    let copy = folder.file("checkpoint")
    try TinyCheckpoint().write(to: copy)
    try change(copy + "/retriever/tokenizer_config.json", ["added_tokens_decoder"], decoder)
    try change(copy + "/retriever/config.json", ["vocab_size"], 8)
    var tensors = TinyCheckpoint.bert("retriever")
    tensors["embeddings.word_embeddings.weight"] = TestTensor([8, 8], seed: "words")
    try write(safetensors(tensors), to: copy + "/retriever/model.safetensors")
    try Converter(checkpoint: Checkpoint(retriever: copy + "/retriever")).convert().writer.write(to: folder.file("model"))
    let file = try ContainerFile(path: folder.file("model"), kind: .model)
    let tokenizer = try Tokenizer(file: file, name: "encoder")
    #expect(tokenizer.encode("@user flood @users") == [7, 5, 1, 1])
  }

  @Test func aTokenizerJSONCountsBeforeAVocabulary() throws {
    let folder = TemporaryFolder()
    // As in transformers. The vocabulary alone does not have "@user".
    let file = try converted(in: folder) {
      try write(Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n".utf8), to: $0 + "/0_Transformer/vocab.txt")
    }
    #expect(try Tokenizer(file: file, name: "encoder").encode("@user flood") == [48, 5])
  }

  @Test func vocabulariesAreTakenAsTheyAreWritten() throws {
    let folder = TemporaryFolder()
    let plain = try converted("bert", in: folder)
    let lines = String(decoding: try readFile(fixture("encoders/bert/vocab.txt")), as: UTF8.self)
    let count = try plain.metadata.integer("retriever", "vocabularySize")
    for (name, text) in [("crlf", lines.replacing("\n", with: "\r\n")), ("cut", String(lines.dropLast()))] {
      let other = TemporaryFolder()
      let file = try converted("bert", in: other) { try write(Array(text.utf8), to: $0 + "/vocab.txt") }
      #expect(try file.bytes("text/vocabulary") == plain.bytes("text/vocabulary"), "\(name)")
    }
    let padded = try refusal("bert") { folder in
      try write(Array(lines.split(separator: "\n").dropLast(7).joined(separator: "\n").utf8), to: folder + "/vocab.txt")
    }
    #expect(padded == "accepted")
    let long = try refusal("bert") { try write(Array((lines + "one more\n").utf8), to: $0 + "/vocab.txt") }
    #expect(long == "vocab.txt: has \(count + 1) pieces; the configuration says \(count)")
  }

  @Test(arguments: ["model.safetensors", "vocab.txt", "tokenizer_config.json", "config.json"])
  func pointersOfGitLFSAreNamed(file: String) throws {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 120592\n"
    let refusal = try refusal("bert") { try write(Array(pointer.utf8), to: $0 + "/" + file) }
    #expect(refusal.hasPrefix("\(file): is a Git LFS pointer, which stands for the file; run \"git lfs pull\""))
  }
}
