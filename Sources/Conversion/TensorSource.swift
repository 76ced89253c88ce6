// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Named float tensors of a checkpoint, whichever kind of file they lie in.
protocol TensorSource: Sendable {
  /// The file, for errors: the index of a sharded checkpoint.
  var path: String { get }
  /// In no order.
  var names: [String] { get }
  func shape(_ name: String) -> [Int]?
  /// Fills `buffer` with a tensor's elements, row-major, from number `first` on; they must be within its shape. All finite.
  /// - Throws: an error naming file and tensor, where it is missing, is no float or has an element that is not finite.
  func read(_ name: String, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws(ConversionError)
}

extension TensorSource {
  /// All of a tensor's elements; see `read`.
  func floats(_ name: String) throws(ConversionError) -> [Float] {
    // A product that overflows is refused when the file is opened.
    let count = shape(name)?.reduce(1, *) ?? 0
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    defer { buffer.deallocate() }
    try read(name, from: 0, into: buffer)
    return Array(buffer)
  }
}

/// Opens tensor files by their content, not by their name.
enum TensorFile {
  /// In the order of preference: a format without code in it first.
  static let names = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
  ]

  /// One file: safetensors, PyTorch's archive, or the index of either kind's shards (NAME.index.json).
  static func open(_ path: String) throws(ConversionError) -> any TensorSource {
    if path.hasSuffix(".index.json") { return try ShardedTensors(index: path) }
    let file = try mapFile(path)
    if isPickled(file) { return try PyTorchFile(file, path: path) }
    return try SafetensorsFile(file, path: path)
  }

  /// The first of `names` in a folder; the error where there is none is about the first.
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

  /// Whether it begins like a zip archive ("PK") or a pickle. A safetensors file could, too, by the eight bytes of its
  /// header's length, but then comes "{".
  private static func isPickled(_ file: MappedFile) -> Bool {
    withExtendedLifetime(file) {
      let isHeader = file.bytes.dropFirst(8).first == UInt8(ascii: "{")
      return !isHeader && (file.bytes.starts(with: [0x50, 0x4B]) || file.bytes.first == PickleOpcode.proto.rawValue)
    }
  }
}
