// SPDX-License-Identifier: Apache-2.0

import Tensors

/// The rows with the largest products, found by looking at every one as it goes by: what approximate searches are held to.
package struct ExactNeighbours {
  private let queries: [[Float]]
  private let count: Int
  /// Of each query the best so far, best first; of equal ones the earlier row.
  private var best: [[(product: Float, row: Int)]]
  private var rows = 0

  package init(of queries: [[Float]], count: Int) {
    self.queries = queries
    self.count = count
    best = queries.map { _ in [] }
  }

  /// Looks at the next row. O(queries × d).
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

  /// The rows' numbers in the order they were added, for each query.
  package var found: [[Int]] { best.map { $0.map(\.row) } }
}
