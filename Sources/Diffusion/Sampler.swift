// SPDX-License-Identifier: Apache-2.0

import Tensors

/// One step of the reverse process, from ᾱ of the visited step `from` to ᾱ of the next visited step `to`. Every position has
/// its own schedule. `v` [l, m] is replaced.
package enum Sampler {
  /// DDIM with eta 0: ε = (v - √a x0) / √(1 - a); v' = √a' x0 + √(1 - a') ε.
  package static func ddim(_ v: FloatView, prediction x0: FloatView, schedule: Schedule, from: Int, to: Int) {
    for position in 0..<v.rows {
      let a = schedule(from, position)
      let b = schedule(to, position)
      let (rootA, rootNotA) = (a.squareRoot(), (1 - a).squareRoot())
      let (rootB, rootNotB) = (b.squareRoot(), (1 - b).squareRoot())
      let (row, clean) = (v.row(position), x0.row(position))
      for component in 0..<v.columns {
        let noise = (row[component] - rootA * clean[component]) / rootNotA
        row[component] = rootB * clean[component] + rootNotB * noise
      }
    }
  }

  /// DPM-Solver++(2M) (Lu et al., 2022, Algorithm 2): extrapolates x0 over λ = log √(a / (1 - a)) with `last`, the prediction of
  /// the previous visited step, then takes DDIM's step. Without `last` it is DDIM.
  package static func dpm(
    _ v: FloatView, prediction x0: FloatView, last: (prediction: FloatView, timestep: Int)?, schedule: Schedule,
    from: Int, to: Int
  ) {
    for position in 0..<v.rows {
      let a = schedule(from, position)
      let b = schedule(to, position)
      let ratio = ((1 - b) / (1 - a)).squareRoot()
      let cleanWeight = b.squareRoot() - a.squareRoot() * ratio
      let (row, clean) = (v.row(position), x0.row(position))
      if let last {
        let extrapolation = Self.extrapolation(last: schedule(last.timestep, position), from: a, to: b)
        let before = last.prediction.row(position)
        for component in 0..<v.columns {
          let ahead = clean[component] + extrapolation * (clean[component] - before[component])
          row[component] = ratio * row[component] + cleanWeight * ahead
        }
      } else {
        for component in 0..<v.columns {
          row[component] = ratio * row[component] + cleanWeight * clean[component]
        }
      }
    }
  }

  /// 1 / 2r, where r is the last step's length over this step's length, in λ. If the schedule does not change, a step
  /// has no length and nothing is extrapolated.
  private static func extrapolation(last: Float, from a: Float, to b: Float) -> Float {
    func lambda(_ alphaBar: Float) -> Double { DeterministicMath.log(Double(alphaBar) / Double(1 - alphaBar)) / 2 }
    let covered = lambda(a) - lambda(last)
    return covered > 0 ? Float((lambda(b) - lambda(a)) / (2 * covered)) : 0
  }

  /// Samples from q(v' | x0): adds fresh noise to the prediction (SeqDiffuSeq's generate_by_q).
  package static func renoise(_ v: FloatView, prediction x0: FloatView, noise: FloatView, schedule: Schedule, to: Int) {
    for position in 0..<v.rows {
      let b = schedule(to, position)
      let (rootB, rootNotB) = (b.squareRoot(), (1 - b).squareRoot())
      let (row, clean, added) = (v.row(position), x0.row(position), noise.row(position))
      for component in 0..<v.columns { row[component] = rootB * clean[component] + rootNotB * added[component] }
    }
  }

  /// Samples from q(v' | v, x0), ASSIGNER Eq. 9 for any two visited steps: β = 1 - a / a', mean
  /// √a' β / (1 - a) x0 + √(a / a') (1 - a') / (1 - a) v, variance β (1 - a') / (1 - a).
  package static func ancestral(
    _ v: FloatView, prediction x0: FloatView, noise: FloatView, schedule: Schedule, from: Int, to: Int
  ) {
    for position in 0..<v.rows {
      let a = schedule(from, position)
      let b = schedule(to, position)
      let beta = 1 - a / b
      let cleanWeight = b.squareRoot() * beta / (1 - a)
      let noisyWeight = (a / b).squareRoot() * (1 - b) / (1 - a)
      let deviation = (beta * (1 - b) / (1 - a)).squareRoot()
      let (row, clean, added) = (v.row(position), x0.row(position), noise.row(position))
      for component in 0..<v.columns {
        row[component] =
          cleanWeight * clean[component] + noisyWeight * row[component] + deviation * added[component]
      }
    }
  }
}
