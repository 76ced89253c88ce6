// SPDX-License-Identifier: Apache-2.0

import Tensors

/// The element types of weights. All are converted to float32.
enum WeightType: Sendable {
  case float64, float32, float16, bfloat16

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .float64: 8
    case .float32: 4
    case .float16, .bfloat16: 2
    }
  }

  /// Fills `buffer` with elements, beginning with element `first`. The caller has checked that `data` is long enough.
  func read(_ data: UnsafeRawBufferPointer, from first: Int, into buffer: UnsafeMutableBufferPointer<Float>) {
    precondition(first >= 0 && buffer.count <= data.count / size - first)
    for index in 0..<buffer.count { buffer.initializeElement(at: index, to: float(data, at: first + index)) }
  }

  /// Reads one element, little-endian and unaligned. A double that is too large for a float becomes infinite.
  func float(_ data: UnsafeRawBufferPointer, at index: Int) -> Float {
    func word<Word: FixedWidthInteger & BitwiseCopyable>(_ type: Word.Type) -> Word {
      Word(littleEndian: data.loadUnaligned(fromByteOffset: index * size, as: Word.self))
    }
    return switch self {
    case .float64: Float(Double(bitPattern: word(UInt64.self)))
    case .float32: Float(bitPattern: word(UInt32.self))
    case .float16: HalfPrecision.float(word(UInt16.self))
    case .bfloat16: Conversion.float(brain: word(UInt16.self))
    }
  }
}

/// Converts bfloat16, which is the upper half of a float32.
func float(brain bits: UInt16) -> Float {
  Float(bitPattern: UInt32(bits) << 16)
}
