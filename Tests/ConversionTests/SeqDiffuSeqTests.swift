// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport
import Text

@testable import Conversion
@testable import ModelFile

@Suite struct SeqDiffuSeqTests {
  static let names = ["model000100.pt", "training_args.json", "alpha_cumprod_step_80.npy"]

  func converter(_ weights: String, _ schedule: String?, _ tied: TiedSource = .head) -> Converter {
    var checkpoint = Checkpoint(generator: weights)
    (checkpoint.schedule, checkpoint.tiedSource) = (schedule, tied)
    return Converter(checkpoint: checkpoint, keepsFloats: true)
  }

  /// Copies the fixture, changes it, and returns the error.
  func refusal(
    arguments: [String: JSONValue?] = [:], schedule change: (inout [Double]) -> Void = { _ in },
    tensors: ((inout [String: TestTensor]) -> Void)? = nil
  ) throws -> String {
    let folder = TemporaryFolder()
    let weights = try TensorFile.open(fixture("seqdiffuseq/model000100.pt"))
    var state: [String: TestTensor] = [:]
    for name in weights.names { state[name] = TestTensor(try #require(weights.shape(name)), try weights.floats(name)) }
    tensors?(&state)
    try write(TestPickle.archive(state).bytes, to: folder.file("model.pt"))
    var config = try JSONValue(parsing: readFile(fixture("seqdiffuseq/training_args.json")))
    for (key, value) in arguments { config = config.replacing([key], value) }
    try write(Array(config.serialized().utf8), to: folder.file("training_args.json"))
    let table = try NumPyTable(path: fixture("seqdiffuseq/alpha_cumprod_step_80.npy"))
    var values = table.values
    change(&values)
    try write(numpy(rows: table.rows, columns: values.count / table.rows, values), to: folder.file("alpha.npy"))
    do {
      _ = try converter(folder.file("model.pt"), folder.file("alpha.npy")).convert()
    } catch {
      #expect(error.exitStatus == .unfitFile)
      return error.description
    }
    return "accepted"
  }

  func numpy(rows: Int, columns: Int, _ values: [Double], version: UInt8 = 1) -> [UInt8] {
    let header = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows), \(columns)), }\n".utf8)
    let length = version == 1 ? littleEndian(UInt16(header.count)) : littleEndian(UInt32(header.count))
    var bytes: [UInt8] = [0x93]
    bytes += "NUMPY".utf8
    bytes += [version, 0]
    bytes += length
    bytes += header
    for value in values { bytes += littleEndian(value.bitPattern) }
    return bytes
  }

  @Test func theReferencesCheckpointConverts() throws {
    let folder = TemporaryFolder()
    let path = folder.file("model")
    var said: [String] = []
    let source = try fixture("seqdiffuseq/model000100.pt")
    let converter = converter(source, try fixture("seqdiffuseq/alpha_cumprod_step_80.npy"))
    let (writer, _) = try converter.convert { said.append($0) }
    try writer.write(to: path)
    let file = try ContainerFile(path: path, kind: .model)
    try file.verify()
    #expect(try file.metadata.string("generator", "kind") == "seqdiffuseq")
    #expect(try file.metadata.integer("generator", "encoder", "maximumTokens") == 20)
    #expect(try file.metadata.integer("generator", "diffusion", "timesteps") == 24)
    #expect(!said.contains { $0.contains("tied embeddings differ") })
    let weights = try TensorFile.open(source)
    #expect(
      (try file.array("generator/diffusion/tokenEmbedding", as: Float.self, shape: [300, 16]))
        == (try weights.floats("lm_head.weight")))
    #expect((try file.array("generator/finalBias", as: Float.self, shape: [300])) == (try weights.floats("lm_head.bias")))
    #expect(
      (try file.array("generator/decoder/position", as: Float.self, shape: [6, 32]))
        == Array(try weights.floats("input_transformers.decoder.embed_positions.weight")[64..<256]))
    #expect((try file.array("generator/diffusion/alphaBar", as: Float.self, shape: [25, 6]).prefix(6)) == [1, 1, 1, 1, 1, 1])
    #expect(file.section("generator/encoder/embeddings.word")?.shape == [300, 32])
    let tokenizer = try Tokenizer(file: file, name: Tokenizer.name(of: "generator", in: file))
    #expect(tokenizer.count == 300 && tokenizer.begin == 0 && tokenizer.padding == 1 && tokenizer.end == 2)
  }

  @Test func averagesHideRawEmbeddings() throws {
    func embedding(_ tied: TiedSource) throws -> ([Float], String) {
      let folder = TemporaryFolder()
      var said = ""
      let (weights, schedule) = try (
        fixture("seqdiffuseq/ema_0.9999_000100.pt"), fixture("seqdiffuseq/alpha_cumprod_step_80.npy")
      )
      let (writer, _) = try converter(weights, schedule, tied).convert { said += $0 }
      try writer.write(to: folder.file("model"))
      return (try ContainerFile(path: folder.file("model")).array("generator/diffusion/tokenEmbedding", as: Float.self), said)
    }
    let raw = try TensorFile.open(fixture("seqdiffuseq/model000100.pt")).floats("lm_head.weight")
    let (taken, said) = try embedding(.head)
    #expect(taken == raw)
    #expect(said.contains("tied embeddings differ: uses lm_head.weight, not input_transformers.shared.weight (by up to"))
    #expect(!said.contains("decoder.embed_tokens"))
    let (average, _) = try embedding(.shared)
    #expect(zip(average, raw).allSatisfy { abs($0 - 0.99 * $1) < 1e-6 } && average != raw)
  }

  @Test func theBugOfTheVariancesIsCopied() throws {
    let table = try Posterior(path: fixture("seqdiffuseq/alpha_cumprod_step_80.npy"))
    #expect(table.steps == 24 && table.positions == 6)
    for t in 0..<24 {
      let (row, column) = (max(1, t / 6), t % 6)
      #expect(table.referenceDeviation[t] == table.deviation[row * 6 + column])
    }
    // Step 0: x_0 is the prediction.
    #expect(table.clean.prefix(6).allSatisfy { abs($0 - 1) < 1e-6 } && table.noisy.prefix(6).allSatisfy { $0 == 0 })
  }

  @Test func whatDoesNotFitIsNamed() throws {
    #expect(try refusal() == "accepted")
    let weights = try fixture("seqdiffuseq/model000100.pt")
    let error = #expect(throws: ConversionError.self) { try converter(weights, nil).convert() }
    #expect(error?.description.contains("give its noise schedule with --schedule") == true)
    #expect(try refusal(arguments: ["num_heads": nil]).contains("training_args.json: num_heads: is missing"))
    #expect(try refusal(arguments: ["num_heads": 5]).contains("which does not divide 32"))
    #expect(
      try refusal(arguments: ["diffusion_steps": 200]).contains("diffusion_steps: is 200; the tensors and the schedule give 24"))
    #expect(try refusal(arguments: ["sequence_len": 8]).contains("sequence_len: is 8; the tensors and the schedule give 6"))
    #expect(try refusal(arguments: ["vocab_size": 41]).contains("vocab_size: is 41; the tensors and the schedule give 300"))
    #expect(try refusal(arguments: ["sequence_len_src": 1000]).contains("sequence_len_src: is 1000, outside 2...128"))
    let unpublished = try refusal(tensors: { $0["ret_proj.weight"] = TestTensor([2], [1, 2]) })
    #expect(unpublished.contains("unknown tensor \"ret_proj.weight\": not part of SeqDiffuSeq; it is not published how ASSIGNER"))
    #expect(try refusal(tensors: { $0["LayerNorm.bias"] = nil }).contains("missing tensor \"LayerNorm.bias\""))
    #expect(try refusal(tensors: { $0["lm_head.weight"] = nil }).contains("missing tensor \"lm_head.weight\""))
    #expect(
      try refusal(tensors: { $0["lm_head.bias"] = TestTensor([3], [1, 2, 3]) }).contains("\"lm_head.bias\": has shape [3]"))
    #expect(
      try refusal(tensors: { $0["input_up_proj_enc.2.weight"] = TestTensor([3], [1, 2, 3]) }).contains(
        "input_up_proj_enc.2.weight"))
    #expect(
      try refusal(tensors: { $0["input_transformers.shared.weight"] = TestTensor([1, 2], [1, 2]) }).contains(
        "input_transformers.shared.weight"))
    #expect(
      try refusal(tensors: { $0["input_transformers.decoder.embed_positions.weight"] = TestTensor([7, 32], seed: "p") }).contains(
        "embed_positions.weight\": has shape [7, 32]; the configuration makes [8, 32]"))
    for value in [0, 1, -1, 2, Double.nan, .infinity, 1e-60, 1 - 1e-12] {
      #expect(try refusal(schedule: { $0[9] = value }).contains("step 1, position 3 is"), "\(value)")
    }
    #expect(try refusal(schedule: { $0[15] = $0[9] }) == "accepted")
    #expect(try refusal(schedule: { $0[15] = $0[9] * 1.001 }).contains("step 2, position 3"))
  }

  @Test func numpyFilesOfOtherKindsAreRefused() throws {
    let good = numpy(rows: 2, columns: 2, [1, 2, 3, 4])
    #expect(try NumPyTable(good).values == [1, 2, 3, 4])
    for version in [UInt8(2), 3] {
      #expect(try NumPyTable(numpy(rows: 1, columns: 2, [5, 6], version: version)).values == [5, 6])
    }
    func refusal(_ bytes: [UInt8]) -> String {
      do { _ = try NumPyTable(bytes) } catch { return error.message }
      return "accepted"
    }
    func changed(_ old: String, _ new: String) -> String {
      let text = String(decoding: good[10..<good.count - 32], as: UTF8.self).replacing(old, with: new)
      return refusal(Array(good[..<8]) + littleEndian(UInt16(text.utf8.count)) + Array(text.utf8) + Array(good.suffix(32)))
    }
    #expect(changed("x", "x") == "accepted")
    #expect(changed("<f8", ">f8").contains("only '<f8' is read"))
    #expect(changed("<f8", "<f4").contains("only '<f8' is read"))
    #expect(changed("'<f8'", "[('a', '<f8')]").contains("only '<f8' is read"))
    #expect(changed("False", "True").contains("row-major"))
    #expect(changed("(2, 2)", "(4,)").contains("a matrix is wanted"))
    #expect(changed("(2, 2)", "(2, -2)").contains("a matrix is wanted"))
    #expect(changed("(2, 2)", "(2, 3)").contains("its shape makes 2 × 3"))
    #expect(changed("(2, 2)", "(4611686018427387904, 4)").contains("its shape makes"))
    #expect(changed("(2, 2)", "(99999999999999999999, 2)").contains("a matrix is wanted"))
    #expect(changed("(2, 2)", "(2, 2").contains("no end") || changed("(2, 2)", "(2, 2").contains("matrix"))
    #expect(changed("'shape'", "'shop'").contains("does not say 'shape'"))
    for count in 0..<good.count { #expect(refusal(Array(good.prefix(count))) != "accepted", "\(count)") }
    for place in good.indices {
      for byte in [UInt8(0), 0x27, 0x28, 0x2C, 0x39, 0xFF] {
        var bytes = good
        bytes[place] = byte
        _ = refusal(bytes)
      }
    }
  }

  @Test func hostileWeightsLeaveNoFile() throws {
    let folder = TemporaryFolder()
    let pickle = TestPickle.whole(
      TestPickle.global("os", "system") + TestPickle.text("touch \(folder.file("pwned"))") + [0x85, 0x52])
    try write(TorchArchive(pickle).bytes, to: folder.file("model000100.pt"))
    for name in Self.names.dropFirst() { try write(readFile(fixture("seqdiffuseq/" + name)), to: folder.file(name)) }
    let before = folder.names
    #expect(throws: ConversionError.self) {
      try converter(folder.file("model000100.pt"), folder.file("alpha_cumprod_step_80.npy")).convert()
    }
    #expect(folder.names == before)
  }
}
