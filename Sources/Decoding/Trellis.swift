// SPDX-License-Identifier: Apache-2.0

import Tensors

/// All sequences of a search as a tree.
///
/// An entry is a token and its parent entry in the step before, so a beam that branches copies nothing.
struct Trellis {
  /// Entries per step.
  let width: Int
  /// [steps × width]
  private let tokens: UnsafeMutablePointer<Int32>
  private let parents: UnsafeMutablePointer<Int32>
  private let logProbabilities: FloatView

  init(width: Int, steps: Int, arena: Arena) throws(TensorError) {
    self.width = width
    tokens = try arena.integers(width * steps)
    parents = try arena.integers(width * steps)
    logProbabilities = try arena.floats(rows: steps, columns: width)
  }

  func set(step: Int, slot: Int, token: Int32, parent: Int32, logProbability: Float) {
    tokens[step * width + slot] = token
    parents[step * width + slot] = parent
    logProbabilities[step, slot] = logProbability
  }

  /// The first `count` entries of a step, in the form that the scorer takes.
  func step(_ step: Int, count: Int) -> (tokens: UnsafeBufferPointer<Int32>, parents: UnsafeBufferPointer<Int32>) {
    (
      UnsafeBufferPointer(start: tokens + step * width, count: count),
      UnsafeBufferPointer(start: parents + step * width, count: count)
    )
  }

  /// Writes the tokens from step 0 to an entry of `step` to `output` [step + 1], and their log-probabilities if `values` is
  /// given.
  func read(
    step: Int, slot: Int, into output: UnsafeMutablePointer<Int32>,
    logProbabilities values: UnsafeMutablePointer<Float>? = nil
  ) {
    var slot = slot
    for step in stride(from: step, through: 0, by: -1) {
      output[step] = tokens[step * width + slot]
      values?[step] = logProbabilities[step, slot]
      slot = Int(parents[step * width + slot])
    }
  }

  static func scratch(width: Int, steps: Int) -> Int {
    2 * Arena.bytes(width * steps, Int32.self) + Arena.bytes(width * steps, Float.self)
  }
}
