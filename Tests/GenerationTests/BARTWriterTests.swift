// SPDX-License-Identifier: Apache-2.0

import Conversion
import GoldenFixtures
import ModelFile
import Tensors
import TestSupport
import Testing
import Text

@testable import Decoding
@testable import Generation

/// RIGHT's input and output, with a network that returns prescribed tokens.
@Suite struct BARTWriterTests {
  /// A vocabulary of bytes, a blank and two merged pieces. SEP1 and SEP2 are tokens, as in RIGHT.
  private static let tokenizer: Tokenizer = {
    var pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    pieces += (0x21...0x7E).map { String(Unicode.Scalar(UInt8($0))) } + ["Ġ", "Ġf", "Ġfl"]
    var vocabulary: [String: JSONValue] = [:]
    for (number, piece) in pieces.enumerated() { vocabulary[piece] = .integer(number) }
    let special: (Int, String) -> JSONValue = { id, content in
      [
        "id": .integer(id), "content": .string(content), "special": true, "lstrip": false, "rstrip": false,
        "normalized": false, "single_word": false,
      ]
    }
    let added =
      ["<s>", "<pad>", "</s>", "<unk>", "<mask>"].enumerated().map { special($0, $1) }
      + ["<extra_id_0>", "<extra_id_1>"].enumerated().map { special(pieces.count + $0, $1) }
    let json: JSONValue = [
      "added_tokens": .array(added), "normalizer": nil,
      "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true],
      "post_processor": [
        "type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": false,
      ],
      "decoder": ["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true],
      "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": ["Ġ f", "Ġf l"]],
    ]
    return .byteLevelBPE(shared { try ByteLevelBPE(tokenizer: json) })
  }()

  private struct Parrot: AutoregressiveGenerator {
    var maximumTokens = 64
    let defaults = BeamOptions(beams: 2)
    var answers: [DecodedSequence] = []

    func decode(source: [Int32], options: BeamOptions, arena: Arena) throws(TensorError) -> [DecodedSequence] {
      Array(answers.prefix(options.sequences))
    }

    func scratch(_ options: BeamOptions) -> Int { 64 }
  }

  private static let marks = BARTWriter.Separators(source: " <extra_id_0> ", target: " <extra_id_1> ")

  private func writer(
    _ network: Parrot = Parrot(), separators: BARTWriter.Separators = marks, sequences: Int = 1
  ) -> BARTWriter {
    BARTWriter(
      network: network, tokenizer: Self.tokenizer, separators: separators,
      options: BeamOptions(beams: 4, sequences: sequences))
  }

  private func pieces(_ tokens: [Int32]) -> [String] { tokens.map { Self.tokenizer.piece($0) ?? "?" } }

  @Test func theSourceIsTheTweetThenItsHashtags() {
    #expect(
      pieces(writer().source(hashtags: ["flood", "oslo"], text: "a fl")) == [
        "<s>", "a", "Ġfl", "Ġ", "<extra_id_0>", "Ġfl", "o", "o", "d", "Ġ", "<extra_id_0>", "Ġ", "o", "s", "l", "o", "</s>",
      ])
    #expect(pieces(writer().source(hashtags: [], text: "a")) == ["<s>", "a", "</s>"])
    let plain = writer(separators: BARTWriter.Separators()).source(hashtags: ["x"], text: "a")
    #expect(pieces(plain) == ["<s>", "a", "Ġ", ";", "Ġ", "x", "</s>"])
    let long = writer().source(hashtags: ["flood"], text: String(repeating: "word ", count: 100))
    #expect(long.count == 64 && pieces(long).last == "</s>")
  }

  /// What the writer reads from a text. The probability of each token is its position in hundredths.
  private func read(_ text: String, separators: BARTWriter.Separators = marks) -> [GeneratedHashtag] {
    let tokens = [Self.tokenizer.begin] + Self.tokenizer.encode(text) + [Self.tokenizer.end]
    return writer(separators: separators).read(tokens, probabilities: tokens.indices.map { Double($0) / 100 })
  }

  @Test func theTargetIsCutAtItsSeparator() {
    let found = read("Oslo <extra_id_1> floods")
    #expect(found.map(\.normal) == ["oslo", "floods"] && found.map(\.position) == [0, 1])
    // Tokens: <s> O s l o Ġ <extra_id_1> Ġfl o o d s </s>. Only the hashtag's own pieces count.
    #expect(abs(found[0].meanProbability - 0.025) < 1e-12 && found[0].leastProbability == 0.01)
    #expect(abs(found[1].meanProbability - 0.09) < 1e-12 && found[1].leastProbability == 0.07)
    #expect(read("#New York<extra_id_1>nyc").map(\.normal) == ["newyork", "nyc"])
    #expect(read("<extra_id_1><extra_id_1> ! <extra_id_1>a").map(\.normal) == ["a"])
    #expect(read("a ; b;c", separators: BARTWriter.Separators()).map(\.normal) == ["a", "b", "c"])
    #expect(read("a b", separators: BARTWriter.Separators(source: " ", target: " ")).map(\.normal) == ["a", "b"])
  }

  @Test func nothingIsWritten() {
    #expect(read("None").isEmpty && read("").isEmpty && read(" <extra_id_1> ").isEmpty)
    #expect(writer().read([], probabilities: []).isEmpty)
    #expect(writer().read([-1, 999, 1], probabilities: [1, 1, 1]).isEmpty)
    #expect(read("nonesuch").map(\.normal) == ["nonesuch"])
  }

  @Test func sequencesFollowOneAnother() throws {
    func sequence(_ text: String) -> DecodedSequence {
      let tokens = Self.tokenizer.encode(text) + [Self.tokenizer.end]
      return DecodedSequence(tokens: tokens, score: -1, logProbabilities: tokens.map { _ in -0.5 })
    }
    let network = Parrot(answers: [sequence("oslo <extra_id_1> fire"), sequence("fire")])
    let sequences = try written(by: writer(network, sequences: 2), [], "a", arena: Arena(capacity: 64))
    #expect(sequences.map(\.normal) == ["oslo", "fire", "fire"] && sequences.map(\.position) == [0, 1, 0])
    #expect(sequences.allSatisfy { abs($0.meanProbability - 0.6065306597) < 1e-9 })
    #expect(try written(by: writer(network), [], "a", arena: Arena(capacity: 64)).count == 2)
  }

  /// From text to hashtags, with a BART model and its tokenizer, both from the converter.
  @Test func hashtagsAreTransformers() throws {
    let folder = TemporaryFolder()
    let fixtures = GoldenModel.root + "/Tests/GoldenFixtures/"
    for name in ["config.json", "generation_config.json", "model.safetensors"] {
      _ = folder.write(name, TemporaryFolder.read(fixtures + "BART/sorted/" + name))
    }
    for name in ["vocab.json", "merges.txt"] { _ = folder.write(name, TemporaryFolder.read(fixtures + "RIGHT/" + name)) }
    let book = try JSONValue(parsing: TemporaryFolder.read(fixtures + "RIGHT/cases.json"))
    var checkpoint = Checkpoint(generator: folder.path)
    checkpoint.separators = Checkpoint.Separators(
      source: try book.string("sourceSeparator"), target: try book.string("targetSeparator"))
    try Converter(checkpoint: checkpoint, keepsFloats: true).convert().writer.write(to: folder.file("model"))
    let model = try ContainerFile(path: folder.file("model"), kind: .model)
    for item in try book.array("cases") {
      var options = GenerationOptions()
      options.beams = try item.integer("beams")
      let writer = try #require(try GeneratorKind.writer(of: model, options: options) as? BARTWriter)
      let (text, hashtags) = (try item.string("text"), try item.strings("hashtags"))
      #expect(writer.source(hashtags: hashtags, text: text) == (try item.integers("source").map { Int32($0) }))
      let written = try written(by: writer, hashtags, text)
      #expect(written.map(\.normal) == (try item.strings("written")))
      #expect(written.allSatisfy { $0.leastProbability > 0 && $0.meanProbability <= 1 })
    }
    var options = GenerationOptions()
    options.method = .diffusion
    #expect(throws: GenerationError.otherMethod(path: model.path, kind: .bart, method: .diffusion)) {
      _ = try GeneratorKind.writer(of: model, options: options)
    }
  }

  @Test func aNetworkWithoutATokenizerReadsNoText() throws {
    let folder = TemporaryFolder()
    let checkpoint = Checkpoint(generator: GoldenModel.root + "/Tests/GoldenFixtures/BART/plain")
    try Converter(checkpoint: checkpoint).convert().writer.write(to: folder.file("model"))
    let model = try ContainerFile(path: folder.file("model"), kind: .model)
    #expect(throws: ContainerError.self) {
      _ = try GeneratorKind.writer(of: model, options: GenerationOptions())
    }
  }

  @Test func separatorsComeFromTheModel() throws {
    let folder = TemporaryFolder()
    func separators(_ value: JSONValue?) throws -> BARTWriter.Separators {
      var generator: [String: JSONValue] = [:]
      generator["separators"] = value
      var writer = ContainerWriter(kind: .model)
      writer.setMetadata(["generator": .object(generator)])
      try writer.write(to: folder.file("m"))
      return try BARTWriter.Separators(model: ContainerFile(path: folder.file("m"), kind: .model))
    }
    #expect(try separators(nil) == BARTWriter.Separators())
    #expect(try separators(["source": " <extra_id_0> ", "target": " <extra_id_1> "]) == Self.marks)
    for wrong: JSONValue in ["x", ["source": "a"], ["source": "a", "target": 1], ["source": "", "target": "b"]] {
      #expect(throws: ContainerError.self) { try separators(wrong) }
    }
  }

  @Test func aKindOffersItsMethods() throws {
    let folder = TemporaryFolder()
    func model(_ metadata: JSONValue) throws -> ContainerFile {
      var writer = ContainerWriter(kind: .model)
      writer.setMetadata(metadata)
      try writer.write(to: folder.file("m"))
      return try ContainerFile(path: folder.file("m"), kind: .model)
    }
    #expect(try GeneratorKind.of(model(["generator": [:]])) == .diffusion)
    #expect(try GeneratorKind.of(model(["generator": ["kind": "bart"]])) == .bart)
    #expect(try GeneratorKind.of(model([:])) == nil)
    #expect(throws: ContainerError.self) { try GeneratorKind.of(model(["generator": ["kind": "t5"]])) }
    for kind in GeneratorKind.allCases { #expect(!kind.methods.isEmpty && !kind.methods.contains(.off)) }
    #expect(throws: GenerationError.missing(path: folder.file("m"))) {
      try GeneratorKind.writer(of: model([:]), options: GenerationOptions())
    }
    #expect(try GeneratorKind.writer(of: model([:]), options: GenerationOptions(method: .off)) == nil)
    let error = GenerationError.otherMethod(path: "m", kind: .bart, method: .diffusion)
    #expect(error.description == "m: its generator (bart) does not support --generator diffusion; use --generator ar")
  }
}
