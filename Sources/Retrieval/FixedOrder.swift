/// Float sums in one fixed order, so that a search answers the same on every machine: eight running sums, added pairwise
/// at the end. Swift never fuses a multiplication with an addition by itself.
enum FixedOrder {
  /// Σ aᵢ bᵢ over `count` elements.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var sums = SIMD8<Float>.zero
    var index = 0
    while index + 8 <= count {
      let left = UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Float>.self)
      let right = UnsafeRawPointer(b + index).loadUnaligned(as: SIMD8<Float>.self)
      sums += left * right
      index += 8
    }
    let quarter = sums.lowHalf + sums.highHalf
    let half = quarter.lowHalf + quarter.highHalf
    var sum = half[0] + half[1]
    while index < count {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  /// The product of a row-major [rows, columns] matrix and a vector. O(rows × columns).
  static func multiply(_ matrix: UnsafePointer<Float>, rows: Int, _ vector: [Float]) -> [Float] {
    vector.withUnsafeBufferPointer { vector in
      guard let base = vector.baseAddress else { return [] }
      return (0..<rows).map { dot(matrix + $0 * vector.count, base, vector.count) }
    }
  }

  /// Whether every component is a finite number.
  static func isFinite(_ values: some Sequence<Float>) -> Bool {
    values.allSatisfy(\.isFinite)
  }
}
