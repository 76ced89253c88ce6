// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The learned noise schedule: ᾱ for every time step and position (ASSIGNER Algorithm 1). Row 0 is nearly clean, row T nearly
/// pure noise.
package struct Schedule: Sendable {
  private let alphaBar: [Float]
  package let timesteps: Int
  package let positions: Int

  /// Reads "generator/diffusion/alphaBar" [T + 1, l]. It must satisfy 0 < ᾱ, ᾱ < 1 from row 1 on, and no column may rise.
  /// Otherwise the samplers could divide by zero or take the root of a negative number.
  init(file: ContainerFile, timesteps: Int, positions: Int) throws(ContainerError) {
    let name = ModelLayout.prefix(of: ModelLayout.diffusion) + "alphaBar"
    let table = try file.array(name, as: Float.self, shape: [timesteps + 1, positions])
    for index in 0..<table.count {
      let value = table[index]
      let row = index / positions
      let isSound = value > 0 && value <= 1 && (row == 0 || (value < 1 && value <= table[index - positions]))
      if !isSound {
        throw file.failure(
          .value("element [\(row), \(index % positions)] is \(value): it must be in 0..<1 and not above the row before"),
          section: name)
      }
    }
    alphaBar = table
    self.timesteps = timesteps
    self.positions = positions
  }

  /// ᾱ of a time step (0…T) at a position.
  func callAsFunction(_ timestep: Int, _ position: Int) -> Float { alphaBar[timestep * positions + position] }

  /// The k-th of the n + 1 visited time steps, T … 0: T (1 - k/n), rounded half up.
  package func visited(_ k: Int, of n: Int) -> Int { (2 * timesteps * (n - k) + n) / (2 * n) }
}
