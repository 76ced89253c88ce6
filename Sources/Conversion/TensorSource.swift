// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The named float tensors of a checkpoint, independent of the file format.
protocol TensorSource: Sendable {
  /// The file in error messages; for a sharded checkpoint its index.
  var path: String { get }
  /// The names of all tensors, unordered.
  var names: [String] { get }
  func shape(_ name: String) -> [Int]?
  /// Fills `buffer` with a tensor's elements in row-major order, beginning with element `first`. They must be within its shape.
  /// - Throws: an error with file and tensor if the tensor is missing, is not float, or has an element that is not finite.
  func read(_ name: String, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws(ConversionError)
}

extension TensorSource {
  /// All of a tensor's elements; see `read`.
  func floats(_ name: String) throws(ConversionError) -> [Float] {
    // Opening the file has refused a product that overflows.
    let count = shape(name)?.reduce(1, *) ?? 0
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    defer { buffer.deallocate() }
    try read(name, from: 0, into: buffer)
    return Array(buffer)
  }
}

/// Opens files of weights. Their content, not their name, determines the format.
enum TensorFile {
  /// File names in order of preference. Safetensors come first: they contain no code.
  static let names = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
  ]

  /// Opens one file: safetensors, a PyTorch archive, or the index of shards of either (NAME.index.json).
  static func open(_ path: String) throws(ConversionError) -> any TensorSource {
    if path.hasSuffix(".index.json") { return try ShardedTensors(index: path) }
    let file = try mapFile(path)
    if isPickled(file) { return try PyTorchFile(file, path: path) }
    return try SafetensorsFile(file, path: path)
  }

  /// Opens the first of `names` in a folder.
  static func find(in folder: String) throws(ConversionError) -> any TensorSource {
    for name in names {
      do {
        return try open(folder + "/" + name)
      } catch {
        guard case .file(let reason) = error, reason.isAbsentFile, reason.path == folder + "/" + name else { throw error }
      }
    }
    throw .noTensors(path: folder, names)
  }

  /// Whether a file begins like a zip archive ("PK") or a pickle. The header length of a safetensors file could look the
  /// same, but then byte 8 is "{".
  private static func isPickled(_ file: MappedFile) -> Bool {
    withExtendedLifetime(file) {
      let isHeader = file.bytes.dropFirst(8).first == UInt8(ascii: "{")
      return !isHeader && (file.bytes.starts(with: [0x50, 0x4B]) || file.bytes.first == PickleOpcode.proto.rawValue)
    }
  }
}
