// SPDX-License-Identifier: Apache-2.0
/// Philox4x32-10, a counter-based random number generator (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011).
/// Its numbers depend only on counter and key, so any part of the noise can be computed in any order.
///
/// It is written here because no library is available on every board, and a seed must always give the same hashtags.
struct Philox {
  let key: (UInt32, UInt32)

  init(seed: UInt64) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// Four uniform 32-bit numbers.
  func callAsFunction(
    _ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (x0, x1, x2, x3) = (c0, c1, c2, c3)
    var (k0, k1) = key
    for _ in 0..<10 {
      let first = x0.multipliedFullWidth(by: 0xD251_1F53)
      let second = x2.multipliedFullWidth(by: 0xCD9E_8D57)
      (x0, x1, x2, x3) = (second.high ^ x1 ^ k0, second.low, first.high ^ x3 ^ k1, first.low)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (x0, x1, x2, x3)
  }
}
