// SPDX-License-Identifier: Apache-2.0

import Tensors

/// The rows with the largest products, found by comparing every row. They are the ground truth for approximate searches.
package struct ExactNeighbours {
  private let queries: [[Float]]
  private let count: Int
  /// The best rows of each query so far, best first; ties go to the earlier row.
  private var best: [[(product: Float, row: Int)]]
  private var rows = 0

  package init(of queries: [[Float]], count: Int) {
    self.queries = queries
    self.count = count
    best = queries.map { _ in [] }
  }

  /// Compares the next row with every query. O(queries × d).
  package mutating func add(_ row: [Float]) {
    row.withUnsafeBufferPointer { row in
      guard let row = row.baseAddress else { return }
      for (query, vector) in queries.enumerated() {
        let product = vector.withUnsafeBufferPointer { vector in
          vector.baseAddress.map { Kernels.dot($0, row, count: vector.count) } ?? 0
        }
        if best[query].count == count, product <= best[query][count - 1].product { continue }
        let place = best[query].firstIndex { product > $0.product } ?? best[query].count
        best[query].insert((product, rows), at: place)
        if best[query].count > count { best[query].removeLast() }
      }
    }
    rows += 1
  }

  /// The best rows of each query, best first. Rows are numbered in the order of `add`.
  package var found: [[Int]] { best.map { $0.map(\.row) } }
}
