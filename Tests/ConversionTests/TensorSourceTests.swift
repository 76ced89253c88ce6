// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Conversion
@testable import ModelFile

@Suite struct TensorSourceTests {
  let one = ["a": TestTensor([2], [1, 2])]
  let two = ["b": TestTensor([1], [3])]

  func index(_ map: [String: String]) -> [UInt8] {
    Array(
      JSONValue.object(["metadata": ["total_size": 12], "weight_map": .object(map.mapValues { .string($0) })]).serialized().utf8)
  }

  @Test func shardsOfEitherKindAreOne() throws {
    for (kind, first, second) in [
      ("model.safetensors", safetensors(one), safetensors(two)),
      ("pytorch_model.bin", TestPickle.archive(one).bytes, TestPickle.archive(two).bytes),
    ] {
      let folder = TemporaryFolder()
      try write(first, to: folder.file("one"))
      try write(second, to: folder.file("two"))
      try write(index(["a": "one", "b": "two"]), to: folder.file(kind + ".index.json"))
      let source = try CheckpointFolder(path: folder.path).tensors()
      #expect(source.names.sorted() == ["a", "b"])
      #expect(source.shape("a") == [2] && source.shape("c") == nil)
      #expect(try source.floats("a") == [1, 2] && source.floats("b") == [3])
      #expect(throws: ConversionError.missingTensors(path: source.path, ["c"])) { try source.floats("c") }
    }
  }

  @Test func shardsThatDoNotAgreeAreRefused() throws {
    let folder = TemporaryFolder()
    try write(safetensors(one), to: folder.file("one"))
    try write(safetensors(two), to: folder.file("two"))
    try write(safetensors(one.merging(two) { $1 }), to: folder.file("both"))
    func refusal(_ map: [String: String]) throws -> String {
      let path = folder.file("model.safetensors.index.json")
      try write(index(map), to: path)
      do { _ = try TensorFile.open(path) } catch { return error.description }
      return "accepted"
    }
    #expect(try refusal(["a": "one", "b": "two"]) == "accepted")
    #expect(try refusal(["a": "one", "b": "both"]).contains("tensor \"a\" is in both; the index has it in one"))
    #expect(try refusal(["a": "both"]).contains("tensor \"b\" is in both; the index does not have it"))
    #expect(try refusal(["a": "one", "b": "two", "c": "two"]).contains("missing tensor \"c\""))
    #expect(try refusal(["a": "one", "b": "three"]).contains("three: cannot be opened"))
    for name in ["../../etc/passwd", "/etc/passwd", "..", ".", "", "sub/one", "one\0", "model.safetensors.index.json"] {
      #expect(try refusal(["a": name]).contains("which is no file name"), "\(name)")
    }
    try write(Array("{\"weight_map\": {\"a\": 3}}".utf8), to: folder.file("model.safetensors.index.json"))
    #expect(throws: ConversionError.self) { try CheckpointFolder(path: folder.path).tensors() }
  }

  @Test func safetensorsComeFirst() throws {
    let folder = TemporaryFolder()
    #expect(throws: ConversionError.noTensors(path: folder.path, TensorFile.names)) {
      try CheckpointFolder(path: folder.path).tensors()
    }
    let kinds = [
      ("pytorch_model.bin", TestPickle.archive(two).bytes), ("model.safetensors.index.json", index(["a": "one"])),
      ("model.safetensors", safetensors(one)),
    ]
    try write(safetensors(one), to: folder.file("one"))
    for (name, bytes) in kinds {
      try write(bytes, to: folder.file(name))
      #expect(try CheckpointFolder(path: folder.path).tensors().path == folder.file(name))
    }
    // A broken first choice is an error. The next choice is not tried.
    try write([1, 2, 3], to: folder.file("model.safetensors"))
    #expect(throws: ConversionError.self) { try CheckpointFolder(path: folder.path).tensors() }
  }

  @Test func aFileMayBeNamedItself() throws {
    let folder = TemporaryFolder()
    try write(TestPickle.archive(two).bytes, to: folder.file("ema_0.9999_003600.pt"))
    let checkpoint = CheckpointFolder(path: folder.file("ema_0.9999_003600.pt"))
    #expect(checkpoint.path == folder.path)
    #expect(try checkpoint.tensors().floats("b") == [3])
  }

  /// A header of 19,280 bytes begins with "PK".
  @Test func kindsAreToldApart() throws {
    let folder = TemporaryFolder()
    let header = "{}" + String(repeating: " ", count: 0x4B50 - 2)
    try write(safetensors(header), to: folder.file("model.safetensors"))
    #expect(try TensorFile.open(folder.file("model.safetensors")).names.isEmpty)
  }

  @Test func checkpointsOfPyTorchConvertToTheSameModel() throws {
    let folder = TemporaryFolder()
    let checkpoint = TinyCheckpoint()
    try checkpoint.write(to: folder.path)
    let (first, _) = try Converter(checkpoint: Checkpoint(folder: folder.path)).convert()
    try first.write(to: folder.file("safetensors"))
    for (name, tensors) in [
      ("retriever", checkpoint.retriever), ("selector", checkpoint.selector), ("generator", checkpoint.generator),
    ] {
      try remove(folder.file("\(name)/model.safetensors"))
      try write(TestPickle.archive(tensors).bytes, to: folder.file("\(name)/pytorch_model.bin"))
    }
    let (second, _) = try Converter(checkpoint: Checkpoint(folder: folder.path)).convert()
    try second.write(to: folder.file("pytorch"))
    #expect(try readFile(folder.file("safetensors")) == readFile(folder.file("pytorch")))
  }
}
