// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The noise schedule ᾱ [T, L] of the reference implementation (`alpha_cumprod_step_N.npy`), and the coefficients of the
/// posterior that sampling uses. They are computed in double precision and stored as floats, as in the reference
/// implementation.
///
/// Step t = 0…T-1 goes from ᾱ_t to ᾱ_{t-1}; ᾱ_{-1} is 1. β = 1 - ᾱ_t / ᾱ_{t-1};
/// mean √ᾱ_{t-1} β / (1 - ᾱ_t) x0 + (1 - ᾱ_{t-1}) √(1 - β) / (1 - ᾱ_t) x_t; variance β (1 - ᾱ_{t-1}) / (1 - ᾱ_t).
struct Posterior: Sendable {
  let steps: Int
  let positions: Int
  /// A row of ones, then ᾱ [T + 1, L], as `Diffusion.Schedule` reads it.
  let alphaBar: [Float]
  /// The factors of the prediction x0 and of x_t, and the standard deviation of the noise; each [T, L].
  let clean, noisy, deviation: [Float]
  /// The standard deviation that the reference implementation uses by mistake [T]: it flattens its table of variances (rows 1,
  /// 1, 2, 3, …) and takes element t for every position, which is row max(1, t / L), column t mod L.
  let referenceDeviation: [Float]

  init(path: String) throws(ConversionError) {
    let table = try NumPyTable(path: path)
    guard table.rows >= 2, table.rows <= 100_000, table.columns <= 4096 else {
      throw .numpy(path: path, "is \(table.rows) × \(table.columns); 2 to 100,000 steps of up to 4,096 positions are read")
    }
    let (rows, columns) = (table.rows, table.columns)
    var clean: [Float] = []
    var noisy: [Float] = []
    var variances: [Double] = []
    for index in table.values.indices {
      let bar = table.values[index]
      let before = index < columns ? 1 : table.values[index - columns]
      // Also checked as float, because the table is stored as floats.
      guard bar > 0, Float(bar) > 0, Float(bar) < 1, bar <= before else {
        throw .numpy(
          path: path, "step \(index / columns), position \(index % columns) is \(bar): not within 0..<1, or above the step before"
        )
      }
      let alpha = bar / before
      let beta = 1 - alpha
      clean.append(Float(beta * before.squareRoot() / (1 - bar)))
      noisy.append(Float((1 - before) * alpha.squareRoot() / (1 - bar)))
      variances.append(beta * (1 - before) / (1 - bar))
    }
    steps = rows
    positions = columns
    alphaBar = [Float](repeating: 1, count: columns) + table.values.map(Float.init)
    self.clean = clean
    self.noisy = noisy
    deviation = variances.map { Float($0.squareRoot()) }
    referenceDeviation = (0..<rows).map { t in
      Float(variances[max(1, t / columns) * columns + t % columns].squareRoot())
    }
  }
}
