// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// Sentence encoders of families other than the default model's, from the checkpoint to answers.
@Suite struct EncoderFamilyTests {
  private let folder = TemporaryFolder()
  private static let checkpoints =
    #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/ConversionTests/Fixtures/encoders/"

  private func convert(_ retriever: String, _ selector: String) throws -> String {
    let path = folder.file("\(retriever)-\(selector).model")
    let result = try Program.run(
      "assigner-convert",
      [
        "--retriever", Self.checkpoints + retriever, "--selector", Self.checkpoints + selector, "--max-tokens", "64",
        "--output", path,
      ])
    #expect(result.status == 0, "\(result.messages)")
    return path
  }

  @Test func robertaFindsAndAnswers() throws {
    let model = try convert("roberta", "roberta")
    let corpus = folder.write("corpus.txt", World.corpus.joined(separator: "\n") + "\n")
    let index = folder.file("roberta.index")
    let built = try Program.run("assigner", ["index", "build", "--model", model, "--corpus", corpus, "--output", index])
    #expect(built.status == 0, "\(built.messages)")
    let answer = try Program.run(
      "assigner", ["--model", model, "--index", index, "--no-generator"],
      input: Array("The flood reached the bridge in Kerala, water and rescue needed\n<mask> 洪水 🌊\n\n".utf8))
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(answer.lines.count == 3 && answer.lines[0].contains("#") && answer.lines[2].isEmpty)
    #expect(try Program.run("assigner", ["inspect", model]).text.contains("bytelevelbpe"))
    #expect(try Program.run("assigner", ["verify", model]).status == 0)
  }

  /// A prompt changes every embedding, so an index that was made with it does not fit a model without it.
  @Test func aPromptIsPartOfTheModel() throws {
    let plain = folder.makeFolder("plain")
    for name in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
      folder.write("plain/" + name, TemporaryFolder.read(Self.checkpoints + "sentences/0_Transformer/" + name))
    }
    func model(_ checkpoint: String) throws -> String {
      let path = folder.file("\(checkpoint.utf8.count).model")
      let result = try Program.run(
        "assigner-convert", ["--retriever", checkpoint, "--selector", checkpoint, "--pooling", "cls", "--output", path])
      #expect(result.status == 0, "\(result.messages)")
      return path
    }
    let (prompted, other) = (try model(Self.checkpoints + "sentences"), try model(plain))
    #expect(try Program.run("assigner", ["inspect", prompted]).text.contains("prompt: The user : "))
    #expect(try !Program.run("assigner", ["inspect", other]).text.contains("prompt"))
    let corpus = folder.write("corpus.txt", "@user flood #flood\nfire #fire\n")
    let index = folder.file("prompted.index")
    let built = try Program.run("assigner", ["index", "build", "--model", prompted, "--corpus", corpus, "--output", index])
    #expect(built.status == 0, "\(built.messages)")
    func answer(_ model: String) throws -> Program.Result {
      try Program.run("assigner", ["--model", model, "--index", index, "--no-generator"], input: "the flood\n")
    }
    #expect(try answer(prompted).status == 0)
    let refused = try answer(other)
    #expect(refused.status == 78 && refused.messages.contains("another model"), "\(refused.messages)")
  }

  @Test func vectorsOfDifferentWidthsAreRefused() throws {
    let model = try convert("bert", "roberta")
    let corpus = folder.write("corpus.txt", "flood #flood\n")
    let built = try Program.run(
      "assigner", ["index", "build", "--model", model, "--corpus", corpus, "--output", folder.file("mixed.index")])
    #expect(built.status == 78 && built.messages.contains("the retriever's vectors have 36 dimensions, the selector's 40"))
  }

  @Test func aCheckWritesWhatPassesOnly() throws {
    let checkpoint = folder.makeFolder("bert")
    var weights = TemporaryFolder.read(Self.checkpoints + "bert/model.safetensors")
    for name in ["config.json", "tokenizer_config.json", "vocab.txt"] {
      folder.write("bert/" + name, TemporaryFolder.read(Self.checkpoints + "bert/" + name))
    }
    func check() throws -> Program.Result {
      folder.write("bert/model.safetensors", weights)
      return try Program.run(
        "assigner-convert",
        ["--retriever", checkpoint, "--max-tokens", "64", "--output", folder.file("checked.model"), "--check"])
    }
    // The weights of a norm are finite, but so large that the states overflow in both float32 and int8.
    let sound = weights
    let headerSize = weights[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONValue(parsing: Array(weights[8..<8 + headerSize]))
    let place = try header.integers("bert.embeddings.LayerNorm.weight", "data_offsets")
    for start in stride(from: 8 + headerSize + place[0], to: 8 + headerSize + place[1], by: 4) {
      withUnsafeBytes(of: Float(3e38).bitPattern.littleEndian) { weights.replaceSubrange(start..<start + 4, with: $0) }
    }
    let failed = try check()
    #expect(failed.status == 78 && failed.text.contains("too far") && failed.messages.contains("not written"))
    #expect(folder.names == ["bert"])
    weights = sound
    let passed = try check()
    #expect(passed.status == 0 && passed.text.contains("sentence embeddings"), "\(passed.messages)")
    #expect(folder.names == ["bert", "checked.model"])
  }

  @Test func optionsOutOfRangeAreUsage() throws {
    for option in [["--max-tokens", "1"], ["--max-tokens", "513"], ["--pooling", "max"]] {
      let result = try Program.run(
        "assigner-convert", ["--retriever", Self.checkpoints + "bert", "--output", folder.file("none")] + option)
      #expect(result.status == 64)
    }
  }
}
