// SPDX-License-Identifier: Apache-2.0
/// A small seeded random generator (Steele, Lea and Flood, OOPSLA 2014) with the same numbers on every machine.
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number below `bound` (> 0). The algorithm of `Int.random(in:using:)` may change between compilers, so it is not used.
  package mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// `count` distinct numbers below `bound`, ascending (Knuth's selection sampling, TAOCP 3.4.2 S). O(bound).
  mutating func sample(_ count: Int, below bound: Int) -> [Int] {
    var chosen: [Int] = []
    chosen.reserveCapacity(min(count, bound))
    for index in 0..<bound where next(below: bound - index) < count - chosen.count {
      chosen.append(index)
    }
    return chosen
  }
}
