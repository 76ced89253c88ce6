import Tensors

/// One step of the reverse process, from ᾱ of the visited step `from` to that of the next visited step `to`, for every
/// position by its own schedule. `v` [l, m] is replaced.
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

  /// A draw from q(v' | v, x0), ASSIGNER Eq. 9 for any two visited steps: β = 1 - a / a', mean
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
