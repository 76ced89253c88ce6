// SPDX-License-Identifier: Apache-2.0

import Glibc
import ModelFile

/// PyTorch's values for one part of the network, from `Tools/fixtures/networks.py`: NAME.json describes the cases,
/// NAME.safetensors holds their tensors.
package struct GoldenBook: Sendable {
  package struct Case: Sendable {
    package let kind: String
    package let name: String
    package let inputs: JSONValue
    let tensors: [String: String]
  }

  package let cases: [Case]
  private let offsets: [String: ClosedRange<Int>]
  private let data: [UInt8]

  package init(path: String) throws {
    let json = try JSONValue(parsing: Self.read(path + ".json"))
    cases = try json.array("cases").map { item in
      Case(
        kind: try item.string("kind"), name: try item.string("name"), inputs: try item.required(["inputs"]),
        tensors: try item.object("tensors").mapValues { value in
          guard case .string(let name) = value else { throw JSONError(message: "a tensor's name is no string") }
          return name
        })
    }
    // safetensors: the header's length in 8 bytes, the header, then the tensors.
    let file = try Self.read(path + ".safetensors")
    let length = file.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    let header = try JSONValue(parsing: Array(file[8..<8 + length]))
    var offsets: [String: ClosedRange<Int>] = [:]
    for (name, value) in try header.object() where name != "__metadata__" {
      let range = try value.integers("data_offsets")
      offsets[name] = range[0]...range[1]
    }
    self.offsets = offsets
    data = Array(file[(8 + length)...])
  }

  package func cases(_ kind: String) -> [Case] { cases.filter { $0.kind == kind } }

  package func floats(_ item: Case, _ key: String) -> [Float] { words(item, key).map(Float.init(bitPattern:)) }

  package func integers(_ item: Case, _ key: String) -> [Int32] { words(item, key).map(Int32.init(bitPattern:)) }

  private func words(_ item: Case, _ key: String) -> [UInt32] {
    guard let name = item.tensors[key], let range = offsets[name] else { return [] }
    return stride(from: range.lowerBound, to: range.upperBound, by: 4).map { start in
      (0..<4).reduce(0) { $0 | UInt32(data[start + $1]) << (8 * UInt32($1)) }
    }
  }

  static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw JSONError(message: "\(path) cannot be opened") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
  }
}

extension JSONValue {
  /// An array of token numbers.
  package func tokens(_ key: String) throws -> [Int32] { try integers(key).map { Int32($0) } }
}
