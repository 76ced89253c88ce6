// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Conversion
@testable import ModelFile

func fixture(_ name: String) throws -> String {
  try #require(Bundle.module.path(forResource: "Fixtures/" + name, ofType: nil))
}

func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// A safetensors file: the header's length, the header, the data.
func safetensors(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  return Swift.withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian) { Array($0) } + text + data
}

/// A float32 tensor for a checkpoint.
struct TestTensor {
  var shape: [Int]
  var values: [Float]

  init(_ shape: [Int], _ values: [Float]) {
    self.shape = shape
    self.values = values
  }

  /// Numbers between −1 and 1, determined by the name.
  init(_ shape: [Int], seed: String) {
    var state = XXH64.hash(Array(seed.utf8))
    self.init(
      shape,
      (0..<shape.reduce(1, *)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) / 0x1p31
      })
  }
}

func safetensors(_ tensors: [String: TestTensor]) -> [UInt8] {
  var members: [String: JSONValue] = ["__metadata__": ["format": "pt"]]
  var data: [UInt8] = []
  for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
    let begin = data.count
    tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
    members[name] = [
      "dtype": "F32", "shape": .array(tensor.shape.map { .integer($0) }),
      "data_offsets": [.integer(begin), .integer(data.count)],
    ]
  }
  return safetensors(JSONValue.object(members).serialized(), data: data)
}

func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

/// Tensors in memory.
struct MemoryTensors: TensorSource {
  let path = "memory"
  let tensors: [String: TestTensor]

  var names: [String] { Array(tensors.keys) }
  func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

  func read(_ name: String, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) {
    _ = buffer.initialize(from: tensors[name]?.values[first..<first + buffer.count] ?? [])
  }
}

func copyFolder(_ path: String, to copy: String) throws {
  try FileManager.default.copyItem(atPath: path, toPath: copy)
}
