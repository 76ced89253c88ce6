// SPDX-License-Identifier: Apache-2.0
/// Reads little-endian numbers from bytes in memory. Returns nil outside the bytes.
struct LittleEndianBytes {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var count: Int { bytes.count }

  func word16(_ offset: Int) -> UInt16? { load(offset) }
  func word32(_ offset: Int) -> UInt32? { load(offset) }
  /// A 64-bit number; nil also if it does not fit an Int.
  func size(_ offset: Int) -> Int? { (load(offset) as UInt64?).flatMap(Int.init(exactly:)) }

  func text(_ range: Range<Int>) -> String? {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    return String(validating: bytes[range], as: UTF8.self)
  }

  /// The content of the zip "extra field" of a kind.
  func extraField(_ kind: UInt16, in range: Range<Int>) -> Range<Int>? {
    var position = range.lowerBound
    while position <= range.upperBound - 4, let found = word16(position), let size = word16(position + 2) {
      let content = position + 4..<position + 4 + Int(size)
      guard content.upperBound <= range.upperBound else { return nil }
      if found == kind { return content }
      position = content.upperBound
    }
    return nil
  }

  private func load<Word: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> Word? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Word>.size else { return nil }
    return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
  }
}
