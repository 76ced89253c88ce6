// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Some thousands of live rows: their embeddings, words, hashtags and authors. Filled row by row, forgotten as a whole.
///
/// Accesses are not checked for exclusivity at run time: a stream is read by many threads or changed by one, never both.
final class RowSegment {
  /// Rows of a full segment, a multiple of the scan's blocks.
  static let capacity = 4096

  /// d, and half the parts of four components that the scan looks at.
  private let dimension: Int
  let pairs: Int
  @exclusivity(unchecked) private(set) var count = 0
  /// The signs of four components a half byte, as `assigner_pq_scan` reads them: [block, pairs, 32].
  @exclusivity(unchecked) private(set) var codes: [UInt8]
  /// [rows, d].
  @exclusivity(unchecked) private(set) var values: [Int8] = []
  @exclusivity(unchecked) private(set) var scales: [Float] = []
  @exclusivity(unchecked) private var words: [UInt32] = []
  @exclusivity(unchecked) private var wordEnds: [UInt32] = []
  @exclusivity(unchecked) private var hashtags: [Int32] = []
  @exclusivity(unchecked) private var hashtagEnds: [UInt32] = []
  /// 0 for a row whose author is not known.
  @exclusivity(unchecked) private(set) var authors: [UInt64] = []

  init(dimension: Int) {
    self.dimension = dimension
    pairs = Self.pairs(dimension: dimension)
    codes = [UInt8](repeating: 0, count: Self.capacity * pairs)
    values.reserveCapacity(Self.capacity * dimension)
  }

  /// The scan's sums have 16 bits, so it looks at 1,024 components at most.
  static func pairs(dimension: Int) -> Int { min(128, (dimension + 7) / 8) }

  var isFull: Bool { count == Self.capacity }

  func append(_ row: QuantizedRow, words keys: [UInt32], hashtags slots: [Int], author: UInt64?) {
    let block = count / Int(ASSIGNER_SCAN_BLOCK) * pairs * Int(ASSIGNER_SCAN_BLOCK) + count % Int(ASSIGNER_SCAN_BLOCK)
    for pair in 0..<pairs {
      var code: UInt8 = 0
      for bit in 0..<8 where pair * 8 + bit < dimension && row.values[pair * 8 + bit] > 0 { code |= 1 << bit }
      codes[block + pair * Int(ASSIGNER_SCAN_BLOCK)] = code
    }
    values += row.values
    scales.append(row.scale)
    words += keys
    wordEnds.append(UInt32(words.count))
    hashtags += slots.map { Int32(truncatingIfNeeded: $0) }
    hashtagEnds.append(UInt32(hashtags.count))
    authors.append(author ?? 0)
    count += 1
  }

  /// Calls `body` with the slots of all rows' hashtags, and where each row's end among them.
  func withHashtags(_ body: (_ hashtags: UnsafeBufferPointer<Int32>, _ ends: UnsafeBufferPointer<UInt32>) -> Void) {
    hashtags.withUnsafeBufferPointer { hashtags in hashtagEnds.withUnsafeBufferPointer { body(hashtags, $0) } }
  }

  /// The keys of a row's words, ascending.
  func words(_ row: Int) -> ArraySlice<UInt32> { words[(row == 0 ? 0 : Int(wordEnds[row - 1]))..<Int(wordEnds[row])] }

  /// The slots of a row's hashtags.
  func hashtags(_ row: Int) -> ArraySlice<Int32> {
    hashtags[(row == 0 ? 0 : Int(hashtagEnds[row - 1]))..<Int(hashtagEnds[row])]
  }
}
