// SPDX-License-Identifier: Apache-2.0

import Tensors
import Testing

@testable import Conversion
@testable import ModelFile

/// A whole int8 matrix, as it is stored in the model file.
private struct Quantized {
  let values: [Int8]
  let scales: [Float]
  let error: QuantizationError

  init(_ floats: [Float], rows: Int, columns: Int, isPacked: Bool = false) throws {
    let rule = TensorRule("m", "m", [rows, columns], .matrix)
    let values = try TensorValues(MemoryTensors(tensors: ["m": TestTensor([rows, columns], floats)]), rule)
    let matrix = try QuantizedMatrix(values, rows: rows, columns: columns, isPacked: isPacked)
    var bytes: [UInt8] = []
    try matrix.blocks.forEach(failure: { $0 }) { (block) throws(ConversionError) in bytes += block }
    #expect(XXH64.hash(bytes) == matrix.checksum)
    self.values = bytes.map(Int8.init(bitPattern:))
    scales = matrix.scales
    error = matrix.error
  }
}

@Suite struct QuantizationTests {
  @Test func everyRowHasItsOwnScale() throws {
    let quantized = try Quantized([127, -254, 1, 0.5, -0.25, 0.125, 0, 0, 0], rows: 3, columns: 3)
    #expect(quantized.scales == [2, Float(0.5) / 127, 1])
    #expect(quantized.values == [64, -127, 0, 127, -64, 32, 0, 0, 0])
    // 127 × 0.5 is 63.5, which rounds to even: 64. 0.5 / 2 is 0.25.
    #expect(quantized.error.largest == 1)
  }

  @Test func extremesStayInRange() throws {
    let quantized = try Quantized(
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude, 1e-30, -1e-31],
      rows: 3, columns: 2)
    #expect(quantized.values == [127, -127, 0, 0, 127, -13])
    #expect(quantized.scales.allSatisfy { $0.isFinite && $0 > 0 })
    #expect(!quantized.values.contains(-128))
  }

  @Test func theErrorIsWhatItSays() throws {
    let tensor = TestTensor([16, 64], seed: "matrix")
    let quantized = try Quantized(tensor.values, rows: 16, columns: 64)
    var largest: Float = 0
    for (index, value) in tensor.values.enumerated() {
      let back = Float(quantized.values[index]) * quantized.scales[index / 64]
      largest = max(largest, abs(back - value))
      // Half a step, and a little more for the rounding of the scale.
      #expect(abs(back - value) <= quantized.scales[index / 64] * 0.5001)
    }
    #expect(quantized.error.largest == largest)
    #expect(quantized.error.relativeRMS > 0 && quantized.error.relativeRMS < 0.01)
    #expect(quantized.error.worstRowCosine > 0.9999 && quantized.error.worstRowCosine <= 1)
  }

  @Test func halvesOfIntegersAreExact() throws {
    let row = (-127...127).map { Float($0) / 2 }
    let quantized = try Quantized(row, rows: 1, columns: row.count)
    #expect(quantized.values == (-127...127).map { Int8($0) })
    #expect(quantized.error.largest == 0)
    #expect(quantized.error.worstRowCosine == 1)
  }

  @Test func blocksMakeTheWholeMatrix() throws {
    // Several blocks of rows, and rows longer than a block.
    for (rows, columns) in [(700, 300), (3, 70_000), (1, 1), (65_536, 1)] {
      let tensor = TestTensor([rows, columns], seed: "blocks")
      let quantized = try Quantized(tensor.values, rows: rows, columns: columns)
      #expect(quantized.values.count == rows * columns)
      for row in [0, rows / 2, rows - 1] {
        let one = try Quantized(Array(tensor.values[row * columns..<(row + 1) * columns]), rows: 1, columns: columns)
        #expect(one.scales == [quantized.scales[row]])
        #expect(one.values == Array(quantized.values[row * columns..<(row + 1) * columns]))
      }
    }
  }

  @Test func blocksOfPanelsMakeTheWholeMatrix() throws {
    for (rows, columns) in [(700, 300), (3, 70_000), (17, 5), (1, 1)] {
      let tensor = TestTensor([rows, columns], seed: "panels")
      let plain = try Quantized(tensor.values, rows: rows, columns: columns)
      let packed = try Quantized(tensor.values, rows: rows, columns: columns, isPacked: true)
      var whole = [Int8](repeating: 1, count: PackedMatrix.shape(rows: rows, columns: columns).reduce(1, *))
      plain.values.withUnsafeBufferPointer { values in
        whole.withUnsafeMutableBufferPointer { PackedMatrix.pack(values, rows: rows, columns: columns, into: $0) }
      }
      #expect(packed.values == whole)
      #expect(packed.scales == plain.scales && packed.error == plain.error)
    }
  }
}
