// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Finds a string's number in a `StringTable`: a hash table with open addressing over the table's bytes.
struct StringLookup: Sendable {
  /// A string's number + 1, or 0 if the slot is free. The size is a power of two, and at most half the slots are used.
  private let slots: [UInt32]

  /// - Returns: nil if two strings are equal. O(bytes).
  init?(_ table: StringTable) {
    var size = 16
    while size < 2 * table.count { size *= 2 }
    var slots = [UInt32](repeating: 0, count: size)
    for index in 0..<table.count {
      let bytes = table.utf8(index)
      var slot = Self.hash(bytes) & (size - 1)
      while slots[slot] != 0 {
        if table.utf8(Int(slots[slot]) - 1).elementsEqual(bytes) { return nil }
        slot = (slot + 1) & (size - 1)
      }
      slots[slot] = UInt32(index + 1)
    }
    self.slots = slots
  }

  /// The number of the string with exactly these bytes. O(its length).
  func find(_ string: String, in table: StringTable) -> Int? {
    let bytes = string.utf8
    var slot = Self.hash(bytes) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if table.utf8(index).elementsEqual(bytes) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// FNV-1a, 64 bits, folded.
  private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7FFF_FFFF)
  }
}
