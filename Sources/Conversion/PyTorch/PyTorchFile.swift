// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A file of `torch.save` (`pytorch_model.bin`, `.pt`): a zip archive with a pickled index and one entry per storage. Opening
/// validates the whole index and runs no code; see `ZipArchive` and `PickleReader`.
final class PyTorchFile: TensorSource {
  /// A view of a storage.
  struct Tensor: Sendable {
    let type: StorageType
    /// The storage's bytes in the file.
    let data: Range<Int>
    /// The first element in the storage.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    /// The number of elements, at most that of the storage.
    let count: Int
  }

  let path: String
  let tensors: [String: Tensor]
  private let file: MappedFile

  var names: [String] { Array(tensors.keys) }
  func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

  /// - Parameter path: the path in error messages.
  init(_ file: MappedFile, path: String) throws(ConversionError) {
    defer { withExtendedLifetime(file) {} }
    do {
      tensors = try Self.tensors(file.bytes, path: path)
    } catch {
      throw .pytorch(error)
    }
    self.path = path
    self.file = file
  }

  func read(_ name: String, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws(ConversionError) {
    func fail(_ rule: PyTorchError.Rule) -> ConversionError { .pytorch(PyTorchError(path: path, tensor: name, rule: rule)) }
    guard let tensor = tensors[name] else { throw fail(.missingTensor) }
    guard let type = tensor.type.weight else { throw fail(.notAFloat("\(tensor.type)")) }
    defer { withExtendedLifetime(file) {} }
    let data = UnsafeRawBufferPointer(rebasing: file.bytes[tensor.data])
    precondition(first >= 0 && buffer.count <= tensor.count - first)
    if tensor.isContiguous {
      type.read(data, from: tensor.offset + first, into: buffer)
    } else {
      for index in buffer.indices {
        buffer.initializeElement(at: index, to: type.float(data, at: tensor.place(first + index)))
      }
    }
    if let index = buffer.firstIndex(where: { !$0.isFinite }) { throw fail(.notFinite(index: first + index)) }
  }
}

extension PyTorchFile.Tensor {
  /// - Throws: `.view` if an element of the view is outside the storage.
  init(_ view: Pickle.Tensor, of storage: Pickle.Storage, data: Range<Int>) throws(PyTorchError.Rule) {
    guard view.shape.count == view.strides.count, view.offset >= 0, (view.shape + view.strides).allSatisfy({ $0 >= 0 }) else {
      throw .view("shape \(view.shape), strides \(view.strides) and offset \(view.offset) make no view")
    }
    // The place of the last element, and the number of elements; nil after an overflow.
    var last: Int? = view.offset
    var count: Int? = 1
    for (size, stride) in zip(view.shape, view.strides) {
      count = count.flatMap { Self.product($0, size) }
      last = last.flatMap { last in Self.product(max(size - 1, 0), stride).flatMap { Self.sum(last, $0) } }
    }
    let limit = data.count / storage.type.size
    guard let count, count <= limit, count == 0 || last.map({ $0 < limit }) ?? false, view.offset <= limit else {
      throw .view(
        "shape \(view.shape), strides \(view.strides) and offset \(view.offset) reach beyond the storage's \(limit) elements")
    }
    self.init(
      type: storage.type, data: data, offset: view.offset, shape: view.shape, strides: view.strides, count: count)
  }

  /// Whether the elements are contiguous in the storage. A dimension of size 1 may have any stride.
  var isContiguous: Bool {
    // Without elements, the product of the other sizes may overflow.
    if count == 0 { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// The place in the storage of an element with a row-major number.
  func place(_ number: Int) -> Int {
    var place = offset
    var rest = number
    for dimension in shape.indices.reversed() {
      place += rest % shape[dimension] * strides[dimension]
      rest /= shape[dimension]
    }
    return place
  }

  private static func product(_ a: Int, _ b: Int) -> Int? {
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : value
  }

  private static func sum(_ a: Int, _ b: Int) -> Int? {
    let (value, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : value
  }
}

extension PyTorchError.Rule: Error {}
