// SPDX-License-Identifier: Apache-2.0
/// A hash table from pairs of pieces to the merges of a byte-pair encoding. Merges with lower rank (index) apply first.
struct MergeTable: Sendable {
  /// One merge: the adjacent pieces `left` and `right` become `result`.
  struct Merge: Sendable, Equatable {
    var left, right, result: Int32
  }

  private(set) var merges: [Merge] = []
  /// Open addressing: rank + 1; 0 marks a free slot.
  private var slots: [UInt32]
  private let shift: UInt64

  /// If several merges have the same pair, the last one counts, as in `tokenizers`.
  /// - Complexity: linear; 50,000 merges take about 2 ms.
  init(_ merges: [Merge]) {
    var bits: UInt64 = 4
    while 1 << bits < merges.count * 2 { bits += 1 }
    shift = 64 - bits
    slots = [UInt32](repeating: 0, count: 1 << bits)
    self.merges = merges
    for (rank, merge) in merges.enumerated() {
      slots[slot(of: merge.left, merge.right)] = UInt32(truncatingIfNeeded: rank + 1)
    }
  }

  /// The rank of the merge of two adjacent pieces, or -1 if they do not merge.
  @inline(__always)
  func rank(_ left: Int32, _ right: Int32) -> Int32 {
    Int32(bitPattern: slots[slot(of: left, right)]) - 1
  }

  func result(_ rank: Int32) -> Int32 { merges[Int(rank)].result }

  /// The slot that holds the pair, or the free slot where it belongs.
  @inline(__always)
  private func slot(of left: Int32, _ right: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while slots[slot] != 0 {
      let merge = merges[Int(slots[slot] - 1)]
      if merge.left == left, merge.right == right { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }
}
