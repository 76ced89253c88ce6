// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// The embedding of a time step: [cos(s f_i), sin(s f_i)], f_i = 10000^(-i / (d/2)), s = t 1000 / T; linear, SiLU, linear.
struct TimeEmbedding: Sendable {
  private let up: Linear
  private let down: Linear
  private let frequencies: [Float]
  private let scale: Float
  private let size: Int

  init(_ reader: TensorReader, size: Int, timesteps: Int) throws(ContainerError) {
    self.size = size
    up = try reader.linear("time.up", outputs: size, inputs: size)
    down = try reader.linear("time.down", outputs: size, inputs: size)
    scale = Float(1000.0 / Double(timesteps))
    // As PyTorch computes it in training: a float product and its exponential, rounded to a float.
    let step = Float(-9.210340371976184 / Double(size / 2))
    frequencies = (0..<size / 2).map { Float(DeterministicMath.exp(Double(Float($0) * step))) }
  }

  /// Writes the embedding of time step `t` to `output` [1, d].
  func embed(_ t: Int, into output: FloatView, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let waves = try arena.floats(rows: 1, columns: size)
    let hidden = try arena.floats(rows: 1, columns: size)
    // With an odd width the last element stays zero.
    waves.fill(0)
    let half = frequencies.count
    for index in 0..<half {
      let angle = Float(t) * scale * frequencies[index]
      let (cosine, sine) = DeterministicMath.cosineAndSine(Double(angle))
      waves.base[index] = Float(cosine)
      waves.base[half + index] = Float(sine)
    }
    try up.apply(waves, into: hidden, activation: .silu, arena: arena)
    try down.apply(hidden, into: output, arena: arena)
  }

  var scratch: Int {
    2 * Arena.bytes(size, Float.self) + max(up.scratch(rows: 1), down.scratch(rows: 1))
  }
}
