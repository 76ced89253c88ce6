// SPDX-License-Identifier: Apache-2.0

import Tensors
import Testing

@testable import Diffusion

@Suite struct NoiseTests {
  func draw(seed: UInt64 = 1, noiseKey: UInt64 = 1, candidate: Int = 0, step: Int = 0, columns: Int = 10) -> [Float] {
    var values = [Float](repeating: .nan, count: 6 * columns)
    values.withUnsafeMutableBufferPointer {
      guard let first = $0.baseAddress else { return }
      Noise(seed: seed, noiseKey: noiseKey, candidate: candidate).fill(FloatView(first, rows: 6, columns: columns), step: step)
    }
    return values
  }

  @Test func noiseDependsOnKeyAndCounterAlone() {
    #expect(draw() == draw())
    let others = [
      draw(seed: 2), draw(seed: 1 << 40), draw(noiseKey: 2), draw(noiseKey: 1 << 40), draw(candidate: 1), draw(step: 1),
    ]
    for (index, other) in others.enumerated() {
      #expect(zip(other, draw()).allSatisfy { $0 != $1 }, "\(index)")
    }
    #expect(Set(draw().map(\.bitPattern)).count == 60)
  }

  @Test func aComponentDoesNotDependOnTheWidth() {
    let (narrow, wide) = (draw(columns: 9), draw(columns: 12))
    for row in 0..<6 { #expect(narrow[row * 9..<row * 9 + 9].elementsEqual(wide[row * 12..<row * 12 + 9])) }
  }

  @Test func temperatureScalesNoise() {
    func draw(_ temperature: Float) -> [Float] {
      var values = [Float](repeating: .nan, count: 8)
      values.withUnsafeMutableBufferPointer {
        Noise(seed: 1, noiseKey: 1, candidate: 0, temperature: temperature)
          .fill(FloatView($0.baseAddress!, rows: 1, columns: 8), step: 0)
      }
      return values
    }
    #expect(draw(0.5) == draw(1).map { 0.5 * $0 })
    #expect(draw(0).allSatisfy { $0 == 0 })
    #expect(draw(3) == draw(1), "above 1 is taken as 1")
  }

  @Test func noiseIsStandardNormal() {
    let values = (0..<400).flatMap { draw(noiseKey: $0, columns: 128) }.map(Double.init)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + $1 * $1 } / count
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.01 && abs(fourth - 3) < 0.06)
  }
}
