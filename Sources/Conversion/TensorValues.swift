// SPDX-License-Identifier: Apache-2.0
/// One tensor of the model file as floats. Reads the checkpoint block by block and keeps nothing in memory.
struct TensorValues: Sendable {
  /// The number of elements.
  let count: Int
  private let source: any TensorSource
  /// The checkpoint's tensor; nil if it is absent, which means that all elements are 0.
  private let name: String?
  /// Unused elements at the beginning.
  private let skipped: Int
  /// A vector to add to every row; may be empty.
  private let added: [Float]
  /// A vector to divide every row by; may be empty.
  private let divisors: [Float]

  /// - Parameter divisors: the input scales of an int8 matrix.
  /// - Throws: `shape` if the tensor's shape differs from the rule's.
  init(_ source: any TensorSource, _ rule: TensorRule, divisors: [Float] = []) throws(ConversionError) {
    self.source = source
    self.divisors = divisors
    name = rule.name(in: source)
    count = rule.targetShape.reduce(1, *)
    if let name { try Self.check(source, name, rule.shape) }
    switch rule.transform {
    case .none, .flattening: (skipped, added) = (0, [])
    case .droppingRows(let rows): (skipped, added) = (rows * rule.shape[1], [])
    case .addingFirstRow(let other, let rows, let dropped):
      try Self.check(source, other, [rows, rule.shape[1]])
      (skipped, added) = (dropped * rule.shape[1], Array(try source.floats(other).prefix(rule.shape[1])))
    }
  }

  /// Fills `buffer` with elements, beginning with element `first`. They must be within `count`.
  func read(from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) throws(ConversionError) {
    guard let name else {
      buffer.initialize(repeating: 0)
      return
    }
    try source.read(name, from: skipped + first, into: buffer)
    for index in added.isEmpty ? 0..<0 : buffer.indices { buffer[index] += added[(first + index) % added.count] }
    for index in divisors.isEmpty ? 0..<0 : buffer.indices { buffer[index] /= divisors[(first + index) % divisors.count] }
  }

  private static func check(_ source: any TensorSource, _ name: String, _ shape: [Int]) throws(ConversionError) {
    if let found = source.shape(name), found != shape {
      throw .shape(path: source.path, tensor: name, expected: shape, found: found)
    }
  }
}
