// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// The bytes of a section, in blocks that can be computed repeatedly. A section is compared and written block by block, so that
/// it is never in memory as a whole.
protocol TensorBlocks: Sendable {
  /// Number of blocks; each fits `blockSize` bytes.
  var blockCount: Int { get }
  var blockSize: Int { get }
  /// Writes block `index` to the beginning of `bytes` and returns its size.
  func read(_ index: Int, into bytes: UnsafeMutableRawBufferPointer) throws(ConversionError) -> Int
}

extension TensorBlocks {
  /// The approximate number of elements in a block.
  static var blockElements: Int { 1 << 16 }

  /// Calls `body` with each block in turn.
  func forEach<Failure: Error>(
    failure: (ConversionError) -> Failure, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 64)
    defer { buffer.deallocate() }
    for index in 0..<blockCount {
      let size: Int
      do { size = try read(index, into: buffer) } catch { throw failure(error) }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<size]))
    }
  }

  /// Whether another section of the same type and shape has the same bytes; 0 and −0 differ.
  func isEqual(to other: any TensorBlocks) throws(ConversionError) -> Bool {
    guard blockCount == other.blockCount, blockSize == other.blockSize else { return false }
    let second = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 64)
    defer { second.deallocate() }
    var index = 0
    var isEqual = true
    try forEach(failure: { $0 }) { (first) throws(ConversionError) in
      guard isEqual else { return }
      let size = try other.read(index, into: second)
      isEqual = size == first.count && first.elementsEqual(second[..<size])
      index += 1
    }
    return isEqual
  }
}

/// The blocks of a float32 section.
struct FloatBlocks: TensorBlocks {
  let values: TensorValues

  var blockCount: Int { (values.count + Self.blockElements - 1) / Self.blockElements }
  var blockSize: Int { min(values.count, Self.blockElements) * MemoryLayout<Float>.size }

  func read(_ index: Int, into bytes: UnsafeMutableRawBufferPointer) throws(ConversionError) -> Int {
    let first = index * Self.blockElements
    let count = min(Self.blockElements, values.count - first)
    let floats = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(count * MemoryLayout<Float>.size)])
    try values.read(from: first, into: floats.bindMemory(to: Float.self))
    return floats.count
  }
}

/// The blocks of an int8 matrix, packed for matrix products (`PackedMatrix`) or row by row.
struct Int8Blocks: TensorBlocks {
  let values: TensorValues
  let rows: Int
  let columns: Int
  let isPacked: Bool

  /// The section's shape.
  var shape: [Int] { shape(ofRows: rows) }
  var blockCount: Int { (rows + blockRows - 1) / blockRows }
  var blockSize: Int { shape(ofRows: min(rows, blockRows)).reduce(1, *) }

  /// Rows of a block: a whole number of panels.
  private var blockRows: Int {
    let panel = isPacked ? PackedMatrix.panelRows : 1
    return max(1, Self.blockElements / max(columns, 1) / panel) * panel
  }

  private func shape(ofRows rows: Int) -> [Int] {
    isPacked ? PackedMatrix.shape(rows: rows, columns: columns) : [rows, columns]
  }

  func read(_ index: Int, into bytes: UnsafeMutableRawBufferPointer) throws(ConversionError) -> Int {
    try make(index, into: bytes) { _, _, _ in }
  }

  /// Receives a row and its quantised form.
  typealias Row = (_ floats: UnsafeBufferPointer<Float>, _ integers: UnsafeBufferPointer<Int8>, _ scale: Float) -> Void

  /// Like `read`; also calls `each` with every row.
  func make(
    _ index: Int, into bytes: UnsafeMutableRawBufferPointer, each: Row
  ) throws(ConversionError) -> Int {
    let first = index * blockRows
    let blockRows = min(blockRows, rows - first)
    let count = blockRows * columns
    let size = shape(ofRows: blockRows).reduce(1, *)
    let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    let integers = UnsafeMutableBufferPointer<Int8>.allocate(capacity: count)
    defer {
      floats.deallocate()
      integers.deallocate()
    }
    try values.read(from: first * columns, into: floats)
    for start in stride(from: 0, to: count, by: columns) {
      let row = UnsafeBufferPointer(rebasing: floats[start..<start + columns])
      let target = UnsafeMutableBufferPointer(rebasing: integers[start..<start + columns])
      let scale = RowQuantization.quantize(row, into: target)
      each(row, UnsafeBufferPointer(target), scale)
    }
    let block = UnsafeMutableRawBufferPointer(rebasing: bytes[..<size]).bindMemory(to: Int8.self)
    if isPacked {
      PackedMatrix.pack(UnsafeBufferPointer(integers), rows: blockRows, columns: columns, into: block)
    } else {
      _ = block.initialize(from: integers)
    }
    return size
  }
}
