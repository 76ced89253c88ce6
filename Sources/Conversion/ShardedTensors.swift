// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A checkpoint in several files. The "weight_map" of `model.safetensors.index.json` or `pytorch_model.bin.index.json` gives the
/// file of each tensor, in the same folder.
struct ShardedTensors: TensorSource {
  let path: String
  private let shards: [String: any TensorSource]
  /// The shard of each tensor.
  private let places: [String: String]

  /// Opens all shards. Every tensor must be in the shard that the index names, and in no other.
  init(index path: String) throws(ConversionError) {
    self.path = path
    let map: [String: JSONValue]
    let bytes = try readFile(path)
    do { map = try JSONValue(parsing: bytes).object("weight_map") } catch { throw .json(path: path, error) }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
    var places: [String: String] = [:]
    var shards: [String: any TensorSource] = [:]
    for (tensor, value) in map.sorted(by: { $0.key < $1.key }) {
      guard case .string(let name) = value, Self.isPlainName(name) else {
        throw .shards(path: path, "tensor \"\(tensor)\" is in \(value.serialized()), which is no file name")
      }
      if shards[name] == nil { shards[name] = try TensorFile.open(folder + name) }
      places[tensor] = name
    }
    for (name, shard) in shards.sorted(by: { $0.key < $1.key }) {
      for tensor in shard.names where places[tensor] != name {
        let place = places[tensor].map { "the index has it in \($0)" } ?? "the index does not have it"
        throw .shards(path: path, "tensor \"\(tensor)\" is in \(name); \(place)")
      }
    }
    let missing = places.filter { shards[$0.value]?.shape($0.key) == nil }.keys.sorted()
    if !missing.isEmpty { throw .missingTensors(path: path, missing) }
    self.places = places
    self.shards = shards
  }

  /// Whether a name is a file in the index's folder. Any other name could lead out of the folder.
  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 } && !name.hasPrefix(".")
      && !name.hasSuffix(".index.json")
  }

  var names: [String] { Array(places.keys) }

  func shape(_ name: String) -> [Int]? { places[name].flatMap { shards[$0] }?.shape(name) }

  func read(_ name: String, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws(ConversionError) {
    guard let shard = places[name].flatMap({ shards[$0] }) else { throw .missingTensors(path: path, [name]) }
    try shard.read(name, from: first, into: buffer)
  }
}
