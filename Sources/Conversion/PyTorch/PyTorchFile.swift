// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A file of `torch.save` (`pytorch_model.bin`, `.pt`): a zip archive with a pickled index and one entry for each storage.
/// Wholly validated at opening, without running anything of it: see `ZipArchive` and `PickleReader`.
final class PyTorchFile: TensorSource {
  /// A view of a storage.
  struct Tensor: Sendable {
    let type: StorageType
    /// The storage's bytes in the file.
    let data: Range<Int>
    /// In elements of the storage.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    /// Elements; at most as many as the storage has.
    let count: Int
  }

  let path: String
  let tensors: [String: Tensor]
  private let file: MappedFile

  var names: [String] { Array(tensors.keys) }
  func shape(_ name: String) -> [Int]? { tensors[name]?.shape }

  /// - Parameter path: for errors.
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
  /// - Throws: the rule that is broken where an element of the view would lie outside the storage.
  init(_ view: Pickle.Tensor, of storage: Pickle.Storage, data: Range<Int>) throws(PyTorchError.Rule) {
    guard view.shape.count == view.strides.count, view.offset >= 0, (view.shape + view.strides).allSatisfy({ $0 >= 0 }) else {
      throw .view("shape \(view.shape), strides \(view.strides) and offset \(view.offset) make no view")
    }
    // The last element's place, and the number of elements; nil where one overflows.
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

  /// Whether the elements follow one another in the storage; a dimension of size 1 may have any stride.
  var isContiguous: Bool {
    // Without elements, the other sizes may be anything, their product included.
    if count == 0 { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// Where in the storage the element of that number lies, counted row-major.
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
