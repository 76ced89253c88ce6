// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Conversion
@testable import ModelFile

@Suite struct SafetensorsTests {
  @Test func readsTheLibrarysFile() throws {
    let file = try SafetensorsFile(path: fixture("mixed.safetensors"))
    let values = try JSONValue(parsing: readFile(fixture("mixed.json")))
    #expect(file.tensors.keys.sorted() == ["brains", "floats", "halves", "none", "positions"])
    #expect(file.tensors["floats"]?.shape == [2, 3])
    for name in ["brains", "floats", "halves", "none"] {
      #expect(try file.floats(name).map { Int($0.bitPattern) } == values.integers(name), "\(name)")
    }
    #expect(throws: ConversionError.safetensors(SafetensorsError(path: file.path, tensor: "positions", rule: .notAFloat("I64"))))
    {
      try file.floats("positions")
    }
    #expect(throws: ConversionError.safetensors(SafetensorsError(path: file.path, tensor: "absent", rule: .missingTensor))) {
      try file.floats("absent")
    }
  }

  /// One case for each rule.
  @Test(
    arguments: [
      ([], nil, .headerTooSmall(size: 0)),
      ([1, 2, 3], nil, .headerTooSmall(size: 3)),
      (safetensors("{}", length: .max), nil, .headerTooLarge(length: .max)),
      (safetensors("{}", length: 1 << 63), nil, .headerTooLarge(length: 1 << 63)),
      (safetensors("{}", length: 100), nil, .headerBeyondFile(length: 100, available: 2)),
      (safetensors(""), nil, .headerStart),
      (safetensors(" {}"), nil, .headerStart),
      (safetensors("[]"), nil, .headerStart),
      (safetensors("{}", data: [1]), nil, .trailingBytes(1)),
      (safetensors("{\"__metadata__\":{\"a\":1}}"), nil, .metadata),
      (safetensors("{\"__metadata__\":[]}"), nil, .metadata),
      (safetensors("{\"t\":3}"), "t", .description("is described by an integer")),
      (
        safetensors(#"{"t":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":0}}"#), "t",
        .description("has an unknown field \"x\"")
      ),
      (safetensors(#"{"t":{"shape":[0],"data_offsets":[0,0]}}"#), "t", .description("dtype: is missing")),
      (
        safetensors(#"{"t":{"dtype":"F32","shape":[0.5],"data_offsets":[0,0]}}"#), "t",
        .description("shape.0: is a number, not an integer")
      ),
      (
        safetensors(#"{"t":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,0]}}"#), "t",
        .description("shape.0: is a number, not an integer")
      ),
      (
        safetensors(#"{"t":{"dtype":"F32","shape":[0],"data_offsets":[0]}}"#), "t",
        .description("data_offsets: is not two offsets")
      ),
      (
        safetensors(#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#), "t",
        .description("data_offsets: is not two offsets")
      ),
      (safetensors(#"{"t":{"dtype":"F99","shape":[0],"data_offsets":[0,0]}}"#), "t", .unknownType("F99")),
      (safetensors(#"{"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#), "t", .shapeOverflow),
      (safetensors(#"{"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#), "t", .shapeOverflow),
      (safetensors(#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#), "t", .offsetsReversed(begin: 4, end: 0)),
      (
        safetensors(#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), "t",
        .sizeMismatch(bytes: 4, expected: 8)
      ),
      (
        safetensors(#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: [0, 0, 0, 0]), "t",
        .offsetsBeyondFile(end: 8, available: 4)
      ),
      (
        safetensors(#"{"t":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}"#), "t",
        .hole(begin: .max - 1, expected: 0)
      ),
      (safetensors(#"{"t":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, data: [0, 0]), "t", .hole(begin: 1, expected: 0)),
      (
        safetensors(
          #"{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"u":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
          data: [0, 0, 0]), "u", .overlap(begin: 1, expected: 2)
      ),
      (safetensors(#"{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: [0, 0]), nil, .trailingBytes(1)),
    ] as [([UInt8], String?, SafetensorsError.Rule)])
  func refuses(bytes: [UInt8], tensor: String?, rule: SafetensorsError.Rule) throws {
    let folder = TemporaryFolder()
    let path = folder.file("a.safetensors")
    try write(bytes, to: path)
    #expect(throws: ConversionError.safetensors(SafetensorsError(path: path, tensor: tensor, rule: rule))) {
      try SafetensorsFile(path: path)
    }
  }

  @Test func refusesHeadersThatAreNoGoodJSON() throws {
    let folder = TemporaryFolder()
    let path = folder.file("a.safetensors")
    let tensor = #"{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#
    for header in [
      "{", "{\"t\":\(tensor),\"t\":\(tensor)}", "{\"t\":\(tensor)} {}", "{\"t\":[[[[]]]]}",
      "{\"t\":" + String(repeating: "[", count: 1_000_000),
    ] {
      try write(safetensors(header, data: [0]), to: path)
      do {
        _ = try SafetensorsFile(path: path)
        Issue.record("accepted \(header.prefix(60))")
      } catch {
        guard case .safetensors(let error) = error, case .headerJSON = error.rule else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test func refusesWhatIsNotFinite() throws {
    let folder = TemporaryFolder()
    let path = folder.file("a.safetensors")
    for bad in [Float.nan, .infinity, -.infinity] {
      try write(safetensors(["t": TestTensor([3], [1, bad, 2])]), to: path)
      let file = try SafetensorsFile(path: path)
      #expect(throws: ConversionError.safetensors(SafetensorsError(path: path, tensor: "t", rule: .notFinite(index: 1)))) {
        try file.floats("t")
      }
    }
  }

  @Test func damageNeverTraps() throws {
    let bytes = safetensors(["a": TestTensor([2, 3], seed: "a"), "b": TestTensor([4], seed: "b")])
    var state: UInt64 = 7
    func random(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for round in 0..<5000 {
      var damaged = bytes
      for _ in 0...random(3) { damaged[random(damaged.count)] = UInt8(random(256)) }
      if round % 4 == 0 { damaged.removeLast(random(damaged.count)) }
      guard let file = try? SafetensorsFile(MappedFile(damaged), path: "damaged") else { continue }
      for name in file.tensors.keys { _ = try? file.floats(name) }
    }
  }
}
