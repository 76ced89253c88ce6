// SPDX-License-Identifier: Apache-2.0
/// A query's products with all centroids in 8 bits, for the integer scan.
///
/// Each part's smallest entry becomes 0. All parts share one step width, so that the largest entry of the widest part
/// becomes 255. Integer sums have the order of the float sums, up to half a step per part.
struct ScanTable: Sendable {
  /// [M, 16].
  let entries: [UInt8]
  /// The sum of the parts' smallest products, and the step: q · x̂ ≈ offset + step × (sum of entries). The error is far
  /// below that of the 4-bit residual, so nothing finer is needed.
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

  /// q · x̂ of a row with this sum of entries.
  func product(_ sum: UInt16) -> Float { offset + step * Float(sum) }
}
