// SPDX-License-Identifier: Apache-2.0
/// IEEE half precision by its bits. Swift's `Float16` is not available on every platform.
package enum HalfPrecision {
  package static let largest: Float = 65504

  /// The number with these bits, exactly.
  package static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch (exponent, fraction) {
    case (0, _):
      // Zero and subnormals: the fraction counts units of 2^-24, which Float holds exactly.
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case (0x1F, _): return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The bits of the nearest number, ties to even. A number beyond ±65504 becomes that.
  package static func bits(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let magnitude = min(abs(value), largest)
    // Below the smallest normal number, the bits count units of 2^-24.
    if magnitude < 0x1p-14 { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
    let wide = magnitude.bitPattern
    return sign | UInt16((wide + 0xFFF + (wide >> 13 & 1)) >> 13 - 112 << 10)
  }
}
