// SPDX-License-Identifier: Apache-2.0

import FloatLibrary
import TestSupport
import Testing

@testable import Tensors

/// Compares float layers that a library multiplies with the kernels.
@Suite struct FloatProductsTests {
  /// The library multiplies from 32 rows on.
  @Test(
    arguments: [(1, 1, 1), (3, 7, 130), (31, 64, 33), (32, 64, 33), (70, 128, 130)], [Activation.none, .gelu, .tanh, .silu])
  func aLibraryGivesWhatTheKernelsGive(shape: (rows: Int, outputs: Int, inputs: Int), activation: Activation) throws {
    var random = SeededGenerator(seed: 7)
    let x = random.floats(shape.rows * shape.inputs)
    let w = random.floats(shape.outputs * shape.inputs)
    let b = random.floats(shape.outputs)
    for hasBias in [false, true] {
      func output(_ products: FloatProducts) throws -> [Float] {
        let arena = Arena(capacity: 1 << 20)
        return try w.withUnsafeBufferPointer { w in
          try b.withUnsafeBufferPointer { b in
            let (weights, bias) = (try #require(w.baseAddress), try #require(b.baseAddress))
            let matrix = FloatWeights(values: weights, rows: shape.outputs, columns: shape.inputs, products: products)
            let layer = Linear(weights: .float32(matrix), bias: hasBias ? bias : nil)
            let input = try arena.floats(rows: shape.rows, columns: shape.inputs)
            for (index, value) in x.enumerated() { input.base[index] = value }
            let output = try arena.floats(rows: shape.rows, columns: shape.outputs)
            // The old content must not matter.
            output.fill(.nan)
            try layer.apply(input, into: output, activation: activation, arena: arena)
            return Array(UnsafeBufferPointer(start: output.base, count: output.count))
          }
        }
      }
      let (expected, found) = (try output(.kernels), try output(.fastest))
      let largest = zip(expected, found).map { abs($0 - $1) }.max() ?? .infinity
      #expect(largest < 1e-4 && !found.contains { $0.isNaN })
    }
  }

  /// Without the trait there is no library to test, and the tests above would pass for the wrong reason.
  @Test func theNameSaysWhatMultiplies() {
    #expect((FloatProducts.fastestName == "OpenBLAS") == (FloatProducts.fastest.multiply != nil))
  }
}
