// SPDX-License-Identifier: Apache-2.0
/// A query's products with all centroids in 8 bits, for the integer scan: each part's smallest entry becomes 0, one step width
/// for all parts, the widest part's largest entry 255. The order of sums is that of the float sums up to half a step for each
/// part.
struct ScanTable: Sendable {
  /// [M, 16].
  let entries: [UInt8]
  /// The parts' smallest products, added up, and the step: q · x̂ ≈ offset + step × (sum of entries), with an error far
  /// below what the residual in 4 bits leaves, so that nothing finer is asked for.
  private let offset: Float
  private let step: Float

  private static let largest = 255

  /// - Parameter products: [M, 16], as `ProductQuantizer.innerProducts` gives them.
  init(_ products: [Float]) {
    let width = ProductQuantizer.centroids
    var lows = [Float](repeating: 0, count: products.count / width)
    var widest: Float = 0
    products.withUnsafeBufferPointer { products in
      for part in lows.indices {
        var (low, high) = (Float.infinity, -Float.infinity)
        for entry in part * width..<(part + 1) * width { (low, high) = (min(low, products[entry]), max(high, products[entry])) }
        lows[part] = low
        widest = max(widest, high - low)
      }
    }
    let scale = widest > 0 ? Float(Self.largest) / widest : 0
    entries = [UInt8](unsafeUninitializedCapacity: products.count) { entries, count in
      for (index, value) in products.enumerated() {
        let level = ((value - lows[index / width]) * scale).rounded(.toNearestOrEven)
        entries[index] = level >= 0 ? UInt8(min(Float(Self.largest), level)) : 0
      }
      count = products.count
    }
    step = widest / Float(Self.largest)
    offset = lows.reduce(0, +)
  }

  /// q · x̂ of a row whose entries have this sum.
  func product(_ sum: UInt16) -> Float { offset + step * Float(sum) }
}
