// SPDX-License-Identifier: Apache-2.0

import Conversion
import ModelFile
import TestSupport
import Text

/// Checkpoints: folders in which one file is damaged, converted as by `assigner-convert`. An input is the number of that file,
/// and its bytes.
struct CheckpointKind: Kind {
  let name: String
  private let folder: String
  private let files: [(name: String, bytes: [UInt8])]
  private let converter: Converter
  /// Words that the readers of the text files know.
  private let words: [String]

  private init(
    _ name: String, from fixture: String, _ names: [String], words: [String] = [], in folder: TemporaryFolder,
    _ checkpoint: (String) -> Checkpoint
  ) throws {
    self.name = name
    self.words = words
    self.folder = folder.makeFolder(name)
    var files: [(name: String, bytes: [UInt8])] = []
    for file in names {
      let bytes = TemporaryFolder.read(ProjectFolder.file("Tests/ConversionTests/Fixtures/\(fixture)/\(file)"))
      write(bytes, to: self.folder + "/" + file)
      files.append((file, bytes))
    }
    self.files = files
    converter = Converter(checkpoint: checkpoint(self.folder), sentences: SentenceOptions(maximumTokens: 64))
  }

  static func safetensors(_ folder: TemporaryFolder) throws -> CheckpointKind {
    try CheckpointKind(
      "safetensors", from: "encoders/bert", ["model.safetensors", "config.json", "vocab.txt", "tokenizer_config.json"], in: folder
    ) {
      Checkpoint(retriever: $0)
    }
  }

  static func pytorch(_ folder: TemporaryFolder) throws -> CheckpointKind {
    let names = ["model000100.pt", "alpha_cumprod_step_80.npy", "training_args.json"]
    return try CheckpointKind("pytorch", from: "seqdiffuseq", names, in: folder) { folder in
      var checkpoint = Checkpoint(generator: folder + "/" + names[0])
      checkpoint.schedule = folder + "/" + names[1]
      return checkpoint
    }
  }

  /// A bi-attention network.
  static func words(_ folder: TemporaryFolder) throws -> CheckpointKind {
    try CheckpointKind(
      "words", from: "../../GoldenFixtures/BiAttention/bi-attention-copy", ["words.txt", "config.json", "model.safetensors"],
      words: ["\n", "\r\n", "\t", " ", "0", "9999999999", "-1", "<pad>", "<unk>", "<s>", "</s>", "\u{FEFF}", "水"], in: folder
    ) { Checkpoint(generator: $0) }
  }

  static func tokenizer(_ folder: TemporaryFolder) throws -> CheckpointKind {
    try CheckpointKind(
      "tokenizer", from: "encoders/roberta", ["vocab.json", "merges.txt", "config.json", "model.safetensors"],
      words: [
        "\n", "\r\n", " ", "\u{FEFF}", "#version", "Ġ", "{", "}", "[", "\"", ":", ",", "\\u0000", "\\ud800", "<s>", "</s>",
      ],
      in: folder
    ) { Checkpoint(retriever: $0) }
  }

  static func unigram(_ folder: TemporaryFolder) throws -> CheckpointKind {
    try CheckpointKind(
      "unigram", from: "encoders/e5", ["tokenizer.json", "config.json", "model.safetensors"], in: folder
    ) { Checkpoint(retriever: $0) }
  }

  var sound: [[UInt8]] { files.indices.map { [UInt8($0)] + files[$0].bytes } }

  func input(_ mutator: inout Mutator) -> [UInt8] {
    // Mostly the first file, after which the kind is named; for the tokenizer any file but the weights.
    let place =
      name == "words"
      ? mutator.below(2) : name == "tokenizer" ? mutator.below(3) : mutator.once(in: 3) ? mutator.below(files.count) : 0
    var bytes = files[place].bytes
    if let value = try? JSONValue(parsing: bytes), mutator.once(in: 2) {
      bytes = Array(mutator.damaged(value).serialized().utf8)
    } else if !words.isEmpty {
      mutator.damage(text: &bytes, words: words)
    } else if mutator.once(in: 2) {
      // Headers are small beside the tensors, but most damage should hit them.
      let border = place == 0 && name == "pytorch" ? max(0, bytes.count - 24_000) : min(bytes.count, 4000)
      var (head, tail) = (Array(bytes[..<border]), Array(bytes[border...]))
      if place == 0 && name == "pytorch" { mutator.damage(&tail) } else { mutator.damage(&head) }
      bytes = head + tail
    } else {
      mutator.damage(&bytes)
    }
    return [UInt8(place)] + bytes
  }

  func read(_ input: [UInt8]) throws {
    guard let place = input.first.map(Int.init), place < files.count else { return }
    let file = files[place]
    write(Array(input.dropFirst()), to: folder + "/" + file.name)
    defer { write(file.bytes, to: folder + "/" + file.name) }
    let model = try converter.convert().writer
    try model.write(to: folder + "/converted")
    let failures = try ContainerFile(path: folder + "/converted").failures()
    if let failure = failures.first { throw Finding("a converted model does not verify: \(failure)") }
    if name == "tokenizer" || name == "unigram" { try tokenize() }
  }

  /// Every token of a converted tokenizer must have a row in the network.
  private func tokenize() throws {
    let model = try ContainerFile(path: folder + "/converted")
    let tokenizer = try Tokenizer(file: model, name: Tokenizer.name(of: "retriever", in: model))
    let rows = try model.metadata.integer("retriever", "vocabularySize")
    for specialTokens in [SpecialTokens.recognized, .asText] {
      let tokens = tokenizer.encode("  Flood #洪水 ﷺ e\u{301} <mask> <s>½\u{7} बाढ़\u{200D}", specialTokens: specialTokens)
      guard tokens.allSatisfy({ (0..<Int32(rows)).contains($0) }) else { throw Finding("tokens without a row: \(tokens)") }
      _ = tokenizer.decode(tokens)
    }
  }
}
