// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Checkpoints from elsewhere: files of the reference implementation through both programs, and hostile files.
@Suite struct CheckpointTests {
  private let folder = TemporaryFolder()

  private func convert(weights: String, schedule: String = checkpoint("alpha_cumprod_step_80.npy"), _ more: String...) throws
    -> Program.Result
  {
    try Program.run(
      "assigner-convert", ["--generator", weights, "--schedule", schedule, "--output", folder.file("model")] + more)
  }

  private static func checkpoint(_ name: String) -> String {
    ProjectFolder.file("Tests/ConversionTests/Fixtures/seqdiffuseq/" + name)
  }

  @Test func theReferencesFilesConvertAndRun() throws {
    let converted = try convert(weights: Self.checkpoint("ema_0.9999_000100.pt"))
    #expect(converted.status == 0 && converted.text.contains("generator/decoder/layers.1.crossAttention.key.weight"))
    #expect(converted.messages.contains("tied embeddings differ: uses lm_head.weight"))
    #expect(try Program.run("assigner", ["verify", folder.file("model")]).status == 0)
    let corpus = folder.write("corpus", World.corpus.joined(separator: "\n") + "\n")
    let index = folder.file("words.index")
    let built = try Program.run(
      "assigner", ["index", "build", "--corpus", corpus, "--output", index, "--model", World.model])
    #expect(built.status == 0)
    func answer(_ more: String...) throws -> Program.Result {
      try Program.run(
        "assigner", ["--model", folder.file("model"), "--index", index, "--retriever", "bm25", "--rank", "generated"] + more,
        input: Array("The flood reached the bridge\nfire near the ridge\n".utf8))
    }
    let reference = try answer()
    #expect(reference.status == 0 && reference.lines.count == 2)
    #expect(try answer("--variance", "reference").output == reference.output)
    let corrected = try answer("--variance", "corrected", "--candidates", "5", "--choose", "mbr")
    #expect(corrected.status == 0 && corrected.lines.count == 2)
    #expect(try answer("--candidates", "5", "--choose", "votes").status == 0)
    let search = try answer("--generator", "ar")
    #expect(search.status == 78 && search.messages.contains("seqdiffuseq"))
    #expect(try answer("--choose", "best").status == 64)
  }

  /// A pickle whose first instruction imports os.system: the message names it, no code is run and no file is written.
  @Test func whatWouldRunSomethingIsRefused() throws {
    var bytes = TemporaryFolder.read(Self.checkpoint("model000100.pt"))
    let pickle = Array("cos\nsystem\n".utf8) + [0x58, 5, 0, 0, 0] + Array("pwned".utf8) + [0x85, 0x52, 0x2E]
    // Overwrites the beginning of the index, after its protocol.
    let start = try #require((0..<200).first { bytes[$0] == 0x80 && bytes[$0 + 1] == 2 }) + 2
    bytes.replaceSubrange(start..<start + pickle.count, with: pickle)
    let weights = folder.write("model000100.pt", bytes)
    folder.write("training_args.json", TemporaryFolder.read(Self.checkpoint("training_args.json")))
    let before = folder.names
    let refused = try convert(weights: weights)
    #expect(refused.status == 78 && refused.output == [])
    #expect(refused.messages.contains("byte \(start): index: os.system is not a class"))
    #expect(folder.names == before)
    let cut = folder.write("model000100.pt", Array(bytes.dropLast(1000)))
    #expect(try convert(weights: cut).status == 78)
    #expect(try convert(weights: Self.checkpoint("model000100.pt"), schedule: "/nowhere.npy").status == 66)
    #expect(try convert(weights: Self.checkpoint("model000100.pt"), schedule: weights).status == 78)
    #expect(folder.names == before)
  }
}
