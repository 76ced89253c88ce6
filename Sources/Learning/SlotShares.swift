// SPDX-License-Identifier: Apache-2.0
/// A share for each of some slots, 0 for all others. A tweet has hundreds of them and asks for few, so filling a dictionary would cost
/// more than all that is read of it.
struct SlotShares: Sendable {
  private let entries: [(slot: Int32, share: Float)]
  /// Places in `entries`, -1 where none is: a power of two, at least half of them free, found by linear probing.
  private let places: [Int32]

  /// - Parameter entries: each slot once, none negative.
  init(_ entries: [(slot: Int32, share: Float)]) {
    self.entries = entries
    var size = 16
    while size < 2 * entries.count { size *= 2 }
    var places = [Int32](repeating: -1, count: size)
    for (number, entry) in entries.enumerated() {
      var place = Self.start(entry.slot, size)
      while places[place] >= 0 { place = (place + 1) & (size - 1) }
      places[place] = Int32(truncatingIfNeeded: number)
    }
    self.places = places
  }

  subscript(slot: Int) -> Float {
    guard let key = Int32(exactly: slot) else { return 0 }
    var place = Self.start(key, places.count)
    while places[place] >= 0 {
      let entry = entries[Int(places[place])]
      if entry.slot == key { return entry.share }
      place = (place + 1) & (places.count - 1)
    }
    return 0
  }

  private static func start(_ slot: Int32, _ size: Int) -> Int {
    Int(truncatingIfNeeded: (UInt32(bitPattern: slot) &* 0x9E37_79B9) >> 8) & (size - 1)
  }
}
