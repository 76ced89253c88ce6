// SPDX-License-Identifier: Apache-2.0
/// The lowest cosine similarity and the largest difference over pairs of vectors.
struct Agreement {
  private var cosine = 1.0
  private var difference = 0.0

  mutating func add(_ first: [Float], _ second: [Float]) {
    var (squares, others, products) = (0.0, 0.0, 0.0)
    for (x, y) in zip(first, second) {
      let (x, y) = (Double(x), Double(y))
      squares += x * x
      others += y * y
      products += x * y
      difference = max(difference, abs(x - y))
    }
    let cosine = first == second ? 1 : products / (squares * others).squareRoot()
    self.cosine = min(self.cosine, cosine.isNaN ? -1 : cosine)
  }

  func row(_ network: String, _ what: String, bound: Double) -> ModelComparison.Row {
    ModelComparison.Row(network: network, what: what, cosine: cosine, difference: difference, bound: bound)
  }
}
