// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Where a sampler takes its standard normal numbers from; tests inject theirs.
package protocol NoiseSource {
  /// Fills `noise` [positions, m] for a step: 0 is v_T, k + 1 is what the k-th step adds.
  func fill(_ noise: FloatView, step: Int)
}

/// Normal numbers keyed by (seed, key) and counted by (candidate, step, position, component): the same on every
/// machine, whatever the batch and the thread.
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
    // Positions are below 2^16, blocks of four components below 2^12 and steps below 2^20, so that no two counters are the
    // same.
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

  /// Box and Muller: two uniform numbers to two independent normal ones.
  static func normals(_ a: UInt32, _ b: UInt32) -> (Float, Float) {
    let uniform = (Double(a) + 0.5) / 4_294_967_296
    let radius = (-2 * DeterministicMath.log(uniform)).squareRoot()
    let (cosine, sine) = DeterministicMath.cosineAndSine(turns: Double(b) / 4_294_967_296)
    return (Float(radius * cosine), Float(radius * sine))
  }
}
