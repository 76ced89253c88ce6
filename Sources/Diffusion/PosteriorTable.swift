// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// The posterior q(x_{t-1} | x_t, x0) for every step t = 0…T-1 and position. The converter computed it in double precision.
package struct PosteriorTable: Sendable {
  package let steps: Int
  package let positions: Int
  private let clean, noisy, deviation, referenceDeviation: [Float]

  /// Reads "generator/diffusion/posterior.*". Every element must be in 0…1, as the weights and deviations of a posterior with
  /// unit noise are.
  init(file: ContainerFile, steps: Int, positions: Int) throws(ContainerError) {
    func table(_ name: String, _ shape: [Int]) throws(ContainerError) -> [Float] {
      let name = ModelLayout.prefix(of: ModelLayout.diffusion) + "posterior." + name
      let values = try file.array(name, as: Float.self, shape: shape)
      // Slightly above 1 is allowed for rounding.
      if let index = values.firstIndex(where: { !($0 >= 0 && $0 <= 1.0001) }) {
        throw file.failure(.value("element \(index) is \(values[index]), outside 0...1"), section: name)
      }
      return values
    }
    self.steps = steps
    self.positions = positions
    clean = try table("clean", [steps, positions])
    noisy = try table("noisy", [steps, positions])
    deviation = try table("deviation", [steps, positions])
    referenceDeviation = try table("referenceDeviation", [steps])
  }

  /// Replaces x_t [L, e] by x_{t-1}. Without noise it is the mean.
  func step(
    _ x: FloatView, prediction: FloatView, noise: FloatView?, t: Int, variance: SeqDiffuSeqOptions.Variance
  ) {
    for position in 0..<x.rows {
      let index = t * positions + position
      let (row, predicted) = (x.row(position), prediction.row(position))
      for component in 0..<x.columns { row[component] = clean[index] * predicted[component] + noisy[index] * row[component] }
      guard let added = noise?.row(position) else { continue }
      let scale = variance == .reference ? referenceDeviation[t] : deviation[index]
      for component in 0..<x.columns { row[component] += scale * added[component] }
    }
  }
}
