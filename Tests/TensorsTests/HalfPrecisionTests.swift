// SPDX-License-Identifier: Apache-2.0

import Tensors
import Testing

@Suite struct HalfPrecisionTests {
  @Test func everyFiniteNumberKeepsItsBits() {
    for bits in UInt16.min...UInt16.max where bits >> 10 & 0x1F != 0x1F {
      #expect(HalfPrecision.bits(HalfPrecision.float(bits)) == bits)
    }
  }

  @Test func knownNumbers() {
    #expect(HalfPrecision.float(0x3C00) == 1)
    #expect(HalfPrecision.float(0xC000) == -2)
    #expect(HalfPrecision.float(0x7BFF) == HalfPrecision.largest)
    #expect(HalfPrecision.float(0x0001) == 0x1p-24)
    #expect(HalfPrecision.float(0x7C00) == .infinity)
  }

  @Test func othersGoToTheNearestAndTiesToEven() {
    for bits in UInt16(0)..<0x7BFF {
      let (lower, upper) = (HalfPrecision.float(bits), HalfPrecision.float(bits + 1))
      let middle = (lower + upper) / 2
      #expect(HalfPrecision.bits(middle) == (bits % 2 == 0 ? bits : bits + 1))
      #expect(HalfPrecision.bits(middle.nextDown) == bits)
      #expect(HalfPrecision.bits(-middle.nextUp) == 0x8000 | (bits + 1))
    }
    #expect(HalfPrecision.bits(1e9) == 0x7BFF)
    #expect(HalfPrecision.bits(-.infinity) == 0xFBFF)
  }
}
