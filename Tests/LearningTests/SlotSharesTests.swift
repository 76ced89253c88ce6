// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Learning

@Suite struct SlotSharesTests {
  @Test(arguments: [0, 1, 7, 8, 9, 500, 5000])
  func everySlotHasItsShareAndNoOther(_ count: Int) {
    // Slots that follow one another, and slots that lie far apart.
    let slots = (0..<count).map { $0 % 3 == 0 ? $0 : $0 * 40_503 }
    let shares = SlotShares(slots.enumerated().map { (slot: Int32($1), share: Float($0 + 1)) })
    for (number, slot) in slots.enumerated() { #expect(shares[slot] == Float(number + 1)) }
    let known = Set(slots)
    for slot in 0..<1000 where !known.contains(slot) { #expect(shares[slot] == 0) }
    #expect(shares[.max] == 0 && shares[-1] == 0)
  }
}
