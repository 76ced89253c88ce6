// SPDX-License-Identifier: Apache-2.0
/// The tensors of a checkpoint that a rule reads.
extension TensorRule {
  /// All names that the rule knows.
  var sources: [String] {
    if case .addingFirstRow(let other, _, _) = transform { return [source, other] + ties }
    return [source] + ties
  }

  /// The tensor that is read: the first of the rule's names that the file has.
  func name(in file: any TensorSource) -> String? {
    ([source] + ties).first { file.shape($0) != nil }
  }

  /// The required names that the file lacks.
  func missing(in file: any TensorSource) -> [String] {
    var missing = isOptional || name(in: file) != nil ? [] : [source]
    if case .addingFirstRow(let other, _, _) = transform, file.shape(other) == nil { missing.append(other) }
    return missing
  }

  /// Checks that tied tensors are equal, block by block. `read` has refused NaNs before.
  func checkTies(in file: any TensorSource) throws(ConversionError) {
    guard let name = name(in: file) else { return }
    for other in ties where other != name && file.shape(other) != nil {
      guard let expected = file.shape(name), let found = file.shape(other), expected == found else {
        throw .tied(path: file.path, tensor: other, name)
      }
      let count = expected.reduce(1, *)
      let size = min(count, FloatBlocks.blockElements)
      let buffers = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * size)
      defer { buffers.deallocate() }
      for first in stride(from: 0, to: count, by: max(size, 1)) {
        let part = min(size, count - first)
        let (mine, theirs) = (
          UnsafeMutableBufferPointer(rebasing: buffers[..<part]),
          UnsafeMutableBufferPointer(rebasing: buffers[size..<size + part])
        )
        try file.read(name, from: first, into: mine)
        try file.read(other, from: first, into: theirs)
        guard mine.elementsEqual(theirs) else { throw .tied(path: file.path, tensor: other, name) }
      }
    }
  }
}
