import TestSupport
import Testing

/// Sentence encoders of other families than the default model's, from checkpoint to answers.
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

  @Test func vectorsOfDifferentWidthsAreRefused() throws {
    let model = try convert("bert", "roberta")
    let corpus = folder.write("corpus.txt", "flood #flood\n")
    let built = try Program.run(
      "assigner", ["index", "build", "--model", model, "--corpus", corpus, "--output", folder.file("mixed.index")])
    #expect(built.status == 78 && built.messages.contains("the retriever makes 36 dimensions, the selector 40"))
  }

  @Test func optionsOutOfRangeAreUsage() throws {
    for option in [["--max-tokens", "1"], ["--max-tokens", "513"], ["--pooling", "max"]] {
      let result = try Program.run(
        "assigner-convert", ["--retriever", Self.checkpoints + "bert", "--output", folder.file("none")] + option)
      #expect(result.status == 64)
    }
  }
}
