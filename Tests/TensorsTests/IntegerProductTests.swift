import CKernels
import Testing

/// The instruction sets that this machine can run, scalar first.
let presentSets: [Int32] = (0..<Int32(ASSIGNER_ISA_COUNT)).filter { assigner_ops_for($0) != nil }

func operations(_ isa: Int32) -> assigner_ops {
  assigner_ops_for(isa)!.pointee
}

@Suite("int8 products") struct IntegerProductTests {
  static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (1, 4, 31), (1, 7, 33), (2, 3, 5), (3, 2, 64), (4, 2, 32), (4, 4, 63), (5, 9, 65), (7, 8, 96),
    (16, 24, 128), (33, 17, 100), (65, 10, 40), (16, 3, 1536), (4, 1, 127), (1, 1, 4096),
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
    var c = [Int32](repeating: -1, count: shape.m * shape.n)
    operations(isa).gemm_i8(a, b, &c, shape.m, shape.n, shape.k, shape.n)
    return c
  }

  @Test("random operands, all shapes, equal the definition", arguments: presentSets)
  func random(isa: Int32) {
    var random = SplitMix(state: 1)
    for shape in Self.shapes {
      let a = random.bytes(shape.m * shape.k)
      let b = random.bytes(shape.n * shape.k)
      #expect(product(isa, a, b, shape) == expected(a, b, shape), "\(shape)")
    }
  }

  @Test("extreme operands never saturate, weights of -128 included", arguments: presentSets)
  func extremes(isa: Int32) {
    for shape in Self.shapes {
      for (x, w) in [(127, 127), (-127, 127), (127, -127), (-127, -127), (127, -128), (-127, -128), (0, -128)] {
        let a = [Int8](repeating: Int8(x), count: shape.m * shape.k)
        let b = [Int8](repeating: Int8(w), count: shape.n * shape.k)
        #expect(product(isa, a, b, shape) == expected(a, b, shape), "\(shape) \(x) \(w)")
      }
    }
  }

  @Test("a row's sums do not depend on the other rows", arguments: presentSets)
  func rowsAreIndependent(isa: Int32) {
    var random = SplitMix(state: 2)
    let (n, k) = (10, 70)
    let a = random.bytes(9 * k)
    let b = random.bytes(n * k)
    let whole = product(isa, a, b, (9, n, k))
    for row in 0..<9 {
      let alone = product(isa, Array(a[row * k..<(row + 1) * k]), b, (1, n, k))
      #expect(Array(whole[row * n..<(row + 1) * n]) == alone)
    }
  }

  @Test("columns beyond the product are left alone where rows are wider", arguments: presentSets)
  func wideRows(isa: Int32) {
    var random = SplitMix(state: 3)
    for shape in Self.shapes {
      let a = random.bytes(shape.m * shape.k)
      let b = random.bytes(shape.n * shape.k)
      let width = shape.n + 3
      var c = [Int32](repeating: -1, count: shape.m * width)
      operations(isa).gemm_i8(a, b, &c, shape.m, shape.n, shape.k, width)
      let exact = expected(a, b, shape)
      #expect(c.indices.allSatisfy { c[$0] == ($0 % width < shape.n ? exact[$0 / width * shape.n + $0 % width] : -1) }, "\(shape)")
    }
  }
}
