// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Supplies a sampler's standard normal numbers. Tests inject their own.
package protocol NoiseSource {
  /// Fills `noise` [positions, m]. Step 0 is v_T; step k + 1 is the noise that the k-th step adds.
  func fill(_ noise: FloatView, step: Int)
}

/// Normal numbers with the key (seed, key) and the counter (candidate, step, position, component). They are the same on every
/// machine, for any batch size and thread count.
struct Noise: NoiseSource {
  private let philox: Philox
  private let noiseKey: UInt64
  private let candidate: UInt32
  private let temperature: Float

  init(seed: UInt64, noiseKey: UInt64, candidate: Int, temperature: Float = 1) {
    self.temperature = min(max(temperature, 0), 1)
    philox = Philox(seed: seed)
    self.noiseKey = noiseKey
    self.candidate = UInt32(truncatingIfNeeded: candidate)
  }

  private func bits(_ position: Int, step: Int, block: Int) -> (UInt32, UInt32, UInt32, UInt32) {
    // Positions are below 2^16, blocks of four components below 2^12 and steps below 2^20, so all counters differ.
    philox(
      UInt32(truncatingIfNeeded: position << 16 | block),
      UInt32(truncatingIfNeeded: step) | candidate << 20,
      UInt32(truncatingIfNeeded: noiseKey), UInt32(truncatingIfNeeded: noiseKey >> 32))
  }

  func fill(_ noise: FloatView, step: Int) {
    for position in 0..<noise.rows {
      let row = noise.row(position)
      for block in 0..<(noise.columns + 3) / 4 {
        let bits = bits(position, step: step, block: block)
        let first = Self.normals(bits.0, bits.1)
        let second = Self.normals(bits.2, bits.3)
        let component = 4 * block
        row[component] = temperature * first.0
        if component + 1 < noise.columns { row[component + 1] = temperature * first.1 }
        if component + 2 < noise.columns { row[component + 2] = temperature * second.0 }
        if component + 3 < noise.columns { row[component + 3] = temperature * second.1 }
      }
    }
  }

  /// The Box-Muller transform: two uniform numbers to two independent normal numbers.
  static func normals(_ a: UInt32, _ b: UInt32) -> (Float, Float) {
    let uniform = (Double(a) + 0.5) / 4_294_967_296
    let radius = (-2 * DeterministicMath.log(uniform)).squareRoot()
    let (cosine, sine) = DeterministicMath.cosineAndSine(turns: Double(b) / 4_294_967_296)
    return (Float(radius * cosine), Float(radius * sine))
  }
}
