import Testing

@testable import Conversion

@Suite struct QuantizationTests {
  @Test func everyRowHasItsOwnScale() {
    let quantized = RowQuantization([127, -254, 1, 0.5, -0.25, 0.125, 0, 0, 0], rows: 3, columns: 3)
    #expect(quantized.scales == [2, 0.5 / 127, 1])
    #expect(quantized.values == [64, -127, 0, 127, -64, 32, 0, 0, 0])
    // 127 × 0.5 is 63.5, rounded to even 64; 0.5 / 2 is 0.25.
    #expect(quantized.error.largest == 1)
  }

  @Test func extremesStayInRange() {
    let quantized = RowQuantization(
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude, 1e-30, -1e-31],
      rows: 3, columns: 2)
    #expect(quantized.values == [127, -127, 0, 0, 127, -13])
    #expect(quantized.scales.allSatisfy { $0.isFinite && $0 > 0 })
    #expect(!quantized.values.contains(-128))
  }

  @Test func theErrorIsWhatItSays() {
    let tensor = TestTensor([16, 64], seed: "matrix")
    let quantized = RowQuantization(tensor.values, rows: 16, columns: 64)
    var largest: Float = 0
    for (index, value) in tensor.values.enumerated() {
      let back = Float(quantized.values[index]) * quantized.scales[index / 64]
      largest = max(largest, abs(back - value))
      // Half a step, and a breath for the roundings of the scale.
      #expect(abs(back - value) <= quantized.scales[index / 64] * 0.5001)
    }
    #expect(quantized.error.largest == largest)
    #expect(quantized.error.relativeRMS > 0 && quantized.error.relativeRMS < 0.01)
    #expect(quantized.error.worstRowCosine > 0.9999 && quantized.error.worstRowCosine <= 1)
  }

  @Test func halvesOfIntegersAreExact() {
    let row = (-127...127).map { Float($0) / 2 }
    let quantized = RowQuantization(row, rows: 1, columns: row.count)
    #expect(quantized.values == (-127...127).map { Int8($0) })
    #expect(quantized.error.largest == 0)
    #expect(quantized.error.worstRowCosine == 1)
  }

  @Test func decimalsWithoutFoundation() {
    #expect(Float(0.0312499).fixed(6) == "0.031250")
    #expect(Float(-1.5).fixed(2) == "-1.50")
    #expect(Float(0).fixed(3) == "0.000")
    #expect(Float.infinity.fixed(3) == "inf")
  }
}
