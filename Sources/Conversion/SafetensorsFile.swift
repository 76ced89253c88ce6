// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A mapped safetensors file. Opening validates the whole file: the header's length is within the file and the format's limit,
/// there is no duplicate key, every size equals shape times type, and there is no hole, no overlap and nothing after the last
/// tensor.
final class SafetensorsFile: TensorSource {
  struct Tensor: Equatable, Sendable {
    let type: SafetensorsType
    let shape: [Int]
    /// The bytes, counted from the end of the header.
    let range: Range<Int>
  }

  let path: String
  let tensors: [String: Tensor]
  private let file: MappedFile
  private let dataOffset: Int

  convenience init(path: String) throws(ConversionError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw .file(error)
    }
    try self.init(file, path: path)
  }

  /// - Parameter path: the path in error messages.
  init(_ file: MappedFile, path: String) throws(ConversionError) {
    defer { withExtendedLifetime(file) {} }
    do {
      (tensors, dataOffset) = try Self.header(file.bytes, path: path)
    } catch {
      throw .safetensors(error)
    }
    self.path = path
    self.file = file
  }

  var names: [String] { Array(tensors.keys) }
  func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

  func read(_ name: String, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws(ConversionError) {
    func fail(_ rule: SafetensorsError.Rule) -> ConversionError {
      .safetensors(SafetensorsError(path: path, tensor: name, rule: rule))
    }
    guard let tensor = tensors[name] else { throw fail(.missingTensor) }
    guard let type = tensor.type.weight else { throw fail(.notAFloat(tensor.type.rawValue)) }
    defer { withExtendedLifetime(file) {} }
    let data = UnsafeRawBufferPointer(
      rebasing: file.bytes[dataOffset + tensor.range.lowerBound..<dataOffset + tensor.range.upperBound])
    type.read(data, from: first, into: buffer)
    if let index = buffer.firstIndex(where: { !$0.isFinite }) { throw fail(.notFinite(index: first + index)) }
  }
}
