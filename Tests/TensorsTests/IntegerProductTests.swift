// SPDX-License-Identifier: Apache-2.0

import CKernels
import Tensors
import Testing
import TestSupport

/// The instruction sets that this machine can run, scalar first.
let presentSets: [Int32] = (0..<Int32(ASSIGNER_ISA_COUNT)).filter { assigner_ops_for($0) != nil }

func operations(_ isa: Int32) -> assigner_ops {
  guard let operations = assigner_ops_for(isa) else { fatalError("this machine cannot run set \(isa)") }
  return operations.pointee
}

/// A matrix of weights in the layout that the kernels read.
func packedMatrix(_ values: [Int8], rows: Int, columns: Int) -> [Int8] {
  var packed = [Int8](repeating: -1, count: PackedMatrix.shape(rows: rows, columns: columns).reduce(1, *))
  values.withUnsafeBufferPointer { values in
    packed.withUnsafeMutableBufferPointer { PackedMatrix.pack(values, rows: rows, columns: columns, into: $0) }
  }
  return packed
}

@Suite struct IntegerProductTests {
  static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (1, 4, 31), (1, 7, 33), (2, 3, 5), (3, 2, 64), (4, 2, 32), (4, 4, 63), (5, 9, 65), (7, 8, 96),
    (6, 31, 12), (9, 16, 8), (10, 33, 7), (11, 48, 20), (13, 16, 52), (16, 24, 128), (33, 17, 100), (130, 10, 40),
    (16, 3, 1536), (4, 1, 127), (1, 1, 4096), (8, 33, 24), (12, 40, 20), (24, 17, 36), (40, 3, 2048), (2, 1, 65536),
  ]

  func expected(_ a: [Int8], _ b: [Int8], _ shape: (m: Int, n: Int, k: Int)) -> [Int32] {
    var sums: [Int32] = []
    for i in 0..<shape.m {
      for j in 0..<shape.n {
        sums.append((0..<shape.k).reduce(0) { $0 + Int32(a[i * shape.k + $1]) * Int32(b[j * shape.k + $1]) })
      }
    }
    return sums
  }

  func product(_ isa: Int32, _ a: [Int8], _ b: [Int8], _ shape: (m: Int, n: Int, k: Int)) -> [Int32] {
    let stride = assigner_input_stride(shape.k)
    var rows = [Int8](repeating: 0, count: shape.m * stride)
    for i in 0..<shape.m { rows.replaceSubrange(i * stride..<i * stride + shape.k, with: a[i * shape.k..<(i + 1) * shape.k]) }
    var c = [Int32](repeating: -1, count: shape.m * shape.n)
    operations(isa).gemm_i8(rows, packedMatrix(b, rows: shape.n, columns: shape.k), &c, shape.m, shape.n, shape.k)
    return c
  }

  @Test(arguments: presentSets)
  func productsOfRandomOperandsEqualTheDefinition(isa: Int32) {
    var random = SeededGenerator(seed: 1)
    for shape in Self.shapes {
      let a = random.bytes(shape.m * shape.k)
      let b = random.bytes(shape.n * shape.k)
      #expect(product(isa, a, b, shape) == expected(a, b, shape), "\(shape)")
    }
  }

  @Test(arguments: presentSets)
  func extremeOperandsNeverSaturate(isa: Int32) {
    for shape in Self.shapes {
      for (x, w) in [(127, 127), (-127, 127), (127, -127), (-127, -127), (127, -128), (-127, -128), (0, -128)] {
        let a = [Int8](repeating: Int8(x), count: shape.m * shape.k)
        let b = [Int8](repeating: Int8(w), count: shape.n * shape.k)
        #expect(product(isa, a, b, shape) == expected(a, b, shape), "\(shape) \(x) \(w)")
      }
    }
  }

  @Test(arguments: presentSets)
  func sumsOfARowDoNotDependOnOtherRows(isa: Int32) {
    var random = SeededGenerator(seed: 2)
    let (n, k) = (10, 70)
    let a = random.bytes(9 * k)
    let b = random.bytes(n * k)
    let whole = product(isa, a, b, (9, n, k))
    for row in 0..<9 {
      let alone = product(isa, Array(a[row * k..<(row + 1) * k]), b, (1, n, k))
      #expect(Array(whole[row * n..<(row + 1) * n]) == alone)
    }
  }

  @Test(arguments: [(1, 1), (16, 4), (17, 5), (40, 30)])
  func packingPutsEveryElementIntoItsPanel(rows: Int, columns: Int) {
    var random = SeededGenerator(seed: 3)
    let values = random.bytes(rows * columns).map { $0 == 0 ? 1 : $0 }
    let packed = packedMatrix(values, rows: rows, columns: columns)
    let shape = PackedMatrix.shape(rows: rows, columns: columns)
    #expect(shape == [(rows + 15) / 16, (columns + 3) / 4, 16, 4])
    #expect(packed.count == shape.reduce(1, *) && packed.filter { $0 != 0 }.count == values.count)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = ((row / 16 * shape[1] + column / 4) * 16 + row % 16) * 4 + column % 4
        #expect(packed[place] == values[row * columns + column])
      }
    }
  }
}
