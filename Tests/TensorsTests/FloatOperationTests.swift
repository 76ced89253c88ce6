// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation
import Testing
import TestSupport

@Suite struct FloatOperationTests {
  /// The error of a function against the C library in double precision; relative for values above 1.
  func largestError(_ isa: Int32, _ activation: Int32, _ function: (Double) -> Double) -> Double {
    let points = stride(from: Float(-30), through: 30, by: 0.0037).map { $0 }
    var values = points
    operations(isa).activate(&values, values.count, activation)
    let errors = zip(points, values).map { point, value in
      let exact = function(Double(point))
      return abs(Double(value) - exact) / max(1, abs(exact))
    }
    return errors.reduce(0) { $0.isNaN || $0 > $1 ? $0 : $1 }  // a NaN stays
  }

  @Test(arguments: presentSets)
  func activationsAreAccurate(isa: Int32) {
    #expect(largestError(isa, Int32(ASSIGNER_ACTIVATION_GELU)) { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) } < 2e-6)
    #expect(largestError(isa, Int32(ASSIGNER_ACTIVATION_TANH), tanh) < 2e-6)
    #expect(largestError(isa, Int32(ASSIGNER_ACTIVATION_SILU)) { $0 / (1 + exp(-$0)) } < 2e-6)
    #expect(largestError(isa, Int32(ASSIGNER_ACTIVATION_EXP), exp) < 2e-6)
  }

  @Test(arguments: presentSets)
  func extremesGiveNoNaNAndNoTrap(isa: Int32) {
    for activation in Int32(1)...4 {
      var x: [Float] = [-.greatestFiniteMagnitude, -1e30, -100, -0.0, 0, 100, 1e30, .greatestFiniteMagnitude, -88]
      operations(isa).activate(&x, x.count, activation)
      #expect(x.allSatisfy { !$0.isNaN }, "\(activation): \(x)")
    }
    var values = [Int8](repeating: 0, count: 16)
    var scales: [Float] = [0]
    operations(isa).quantize_rows([.nan, .infinity, -.infinity, 1, 0, .nan], nil, &values, &scales, 1, 6)
    #expect(values.allSatisfy { $0 >= -127 })
    operations(isa).quantize_rows([0, 0, 0, 0, 0, 0], nil, &values, &scales, 1, 6)
    #expect(values == [Int8](repeating: 0, count: 16) && scales == [0])
  }

  @Test(arguments: presentSets)
  func quantisingRoundsToEvenWithinHalfAStep(isa: Int32) {
    var values = [Int8](repeating: -1, count: 16)
    var scales: [Float] = [0]
    let x: [Float] = [127, -127, 0.5, 1.5, 2.5, -0.5, -1.5, 0.49, 99.51, 3]
    operations(isa).quantize_rows(x, nil, &values, &scales, 1, 10)
    // The rest of a row is zero, on which the products rely.
    #expect(values == [127, -127, 0, 2, 2, 0, -2, 0, 100, 3, 0, 0, 0, 0, 0, 0])
    #expect(scales == [1])
  }

  @Test(arguments: presentSets)
  func everySetGivesTheBitsOfTheScalarPath(isa: Int32) {
    for (rows, outputs) in [(7, 13), (1, 8), (66, 5)] {
      for columns in [1, 7, 8, 20, 64, 100] {
        #expect(
          everything(isa, rows, outputs, columns) == everything(0, rows, outputs, columns),
          "\(rows) rows, \(outputs) outputs, \(columns) columns")
      }
    }
  }

  /// The bits of the results of all operations on one random input.
  func everything(_ isa: Int32, _ rows: Int, _ outputs: Int, _ columns: Int) -> [UInt32] {
    let ops = operations(isa)
    var random = SeededGenerator(seed: UInt64(columns))
    let x = random.floats(rows * columns, -3...3)
    let residual = random.floats(rows * columns)
    let weights = random.floats(outputs * columns)
    let bias = random.floats(max(outputs, columns))
    let bytes = packedMatrix(random.bytes(outputs * columns), rows: outputs, columns: columns)
    let byteScales = random.floats(outputs, 0.001...0.01)
    var bits: [UInt32] = []
    func note(_ values: [Float]) { bits += values.map(\.bitPattern) }

    var result = [Float](repeating: 0, count: rows * outputs)
    for activation in Int32(0)...3 {
      ops.linear_f32(x, weights, bias, &result, rows, outputs, columns, activation)
      note(result)
      var values = [Int8](repeating: 1, count: rows * assigner_input_stride(columns))
      var scales = [Float](repeating: 0, count: rows)
      ops.quantize_rows(x, activation % 2 == 0 ? nil : weights, &values, &scales, rows, columns)
      note(scales)
      bits += values.map { UInt32(bitPattern: Int32($0)) }
      ops.linear_i8(values, scales, bytes, byteScales, bias, &result, rows, outputs, columns, activation)
      note(result)
    }
    var normed = [Float](repeating: 0, count: rows * columns)
    ops.layer_norm(x, residual, weights, bias, 1e-12, &normed, rows, columns)
    note(normed)
    var soft = x
    note([ops.softmax(&soft, soft.count)])
    note(soft)
    note([ops.dot_f32(x, residual, x.count)])
    for causal in Int32(0)...1 {
      let heads = columns % 4 == 0 ? 4 : 1
      let shape = assigner_attention_shape(
        queries: rows, keys: rows, heads: heads, head_size: columns / heads, causal: causal, chosen: nil)
      var scratch = [Float](repeating: .nan, count: assigner_attention_scratch(rows, columns / heads))
      ops.attention(x, residual, x, &normed, &scratch, shape)
      note(normed)
    }
    return bits
  }

  @Test(arguments: presentSets)
  func attentionEqualsItsDefinition(isa: Int32) {
    var random = SeededGenerator(seed: 9)
    let (queries, keys, heads, size) = (5, 19, 2, 12)
    let width = heads * size
    let q = random.floats(queries * width)
    let k = random.floats(keys * width)
    let v = random.floats(keys * width)
    for causal in [false, true] {
      var result = [Float](repeating: 0, count: queries * width)
      var scratch = [Float](repeating: 0, count: assigner_attention_scratch(keys, size))
      operations(isa).attention(
        q, k, v, &result, &scratch,
        assigner_attention_shape(queries: queries, keys: keys, heads: heads, head_size: size, causal: causal ? 1 : 0, chosen: nil)
      )
      for i in 0..<queries {
        for h in 0..<heads {
          let seen = causal ? i + 1 : keys
          var scores = [Double](repeating: 0, count: seen)
          for j in 0..<seen {
            for d in 0..<size {
              scores[j] += Double(q[i * width + h * size + d]) * Double(k[j * width + h * size + d])
            }
            scores[j] = exp(scores[j] / Double(size).squareRoot())
          }
          let total = scores.reduce(0, +)
          for d in 0..<size {
            var exact = 0.0
            for j in 0..<seen { exact += scores[j] / total * Double(v[j * width + h * size + d]) }
            #expect(abs(Double(result[i * width + h * size + d]) - exact) < 1e-5)
          }
        }
      }
    }
  }

  @Test(arguments: presentSets)
  func attentionToChosenRowsEqualsAttentionToACopy(isa: Int32) {
    var random = SeededGenerator(seed: 21)
    for (heads, size) in [(2, 12), (1, 5), (2, 40)] {
      let width = heads * size
      let q = random.floats(width)
      let k = random.floats(30 * width)
      let v = random.floats(30 * width)
      let chosen: [Int32] = [4, 29, 4, 0, 17, 16, 15, 2, 3, 11, 28, 1, 6, 6, 6, 8, 9, 21]
      func attend(_ k: [Float], _ v: [Float], _ chosen: UnsafePointer<Int32>?) -> [UInt32] {
        var result = [Float](repeating: 0, count: width)
        var scratch = [Float](repeating: .nan, count: assigner_attention_scratch(18, size))
        operations(isa).attention(
          q, k, v, &result, &scratch,
          assigner_attention_shape(queries: 1, keys: 18, heads: heads, head_size: size, causal: 0, chosen: chosen))
        return result.map(\.bitPattern)
      }
      func rows(_ x: [Float]) -> [Float] { chosen.flatMap { x[Int($0) * width..<Int($0 + 1) * width] } }
      let copied = attend(rows(k), rows(v), nil)
      #expect(chosen.withUnsafeBufferPointer { attend(k, v, $0.baseAddress) } == copied)
    }
  }

  @Test(arguments: presentSets)
  func layerNormAndFloatProductEqualTheirDefinitions(isa: Int32) {
    var random = SeededGenerator(seed: 4)
    let (rows, columns, outputs) = (6, 21, 5)
    let x = random.floats(rows * columns)
    let weights = random.floats(outputs * columns)
    let bias = random.floats(columns)
    var normed = [Float](repeating: 0, count: rows * columns)
    operations(isa).layer_norm(x, nil, weights, bias, 1e-5, &normed, rows, columns)
    var product = [Float](repeating: 0, count: rows * outputs)
    operations(isa).linear_f32(x, weights, bias, &product, rows, outputs, columns, 0)
    for i in 0..<rows {
      let row = x[i * columns..<(i + 1) * columns].map(Double.init)
      let mean = row.reduce(0, +) / Double(columns)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      for c in 0..<columns {
        let exact = (row[c] - mean) / (variance + 1e-5).squareRoot() * Double(weights[c]) + Double(bias[c])
        #expect(abs(Double(normed[i * columns + c]) - exact) < 1e-5)
      }
      for j in 0..<outputs {
        let exact = (0..<columns).reduce(Double(bias[j])) { $0 + row[$1] * Double(weights[j * columns + $1]) }
        #expect(abs(Double(product[i * outputs + j]) - exact) < 1e-5)
      }
    }
  }
}
