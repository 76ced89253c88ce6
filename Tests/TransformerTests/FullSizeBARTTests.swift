// SPDX-License-Identifier: Apache-2.0

import Decoding
import FloatLibrary
import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@Test(.enabled(if: FullSize(kind: "bart") != nil, "run Tools/full-size bart-base, or bart-large"))
func fullSizeBART() throws {
  let made = try #require(FullSize(kind: "bart"))
  for kind in ["float", "int8"] {
    let network = try BART(file: made.model(kind), products: .fastest)
    var (equal, all, worst): (Int, Int, Float) = (0, 0, 0)
    let start = ContinuousClock.now
    for row in made.rows {
      let source = try row.tokens("source")
      let options = try BARTTests.options(row.required(["options"]), returned: 1)
      let arena = Arena(capacity: network.scratch(options, sourceTokens: source.count))
      let found = try #require(try network.decode(source: source, options: options, arena: arena).first)
      let expected = try row.tokens("tokens")
      equal += zip(found.tokens, expected).prefix { $0 == $1 }.count
      all += expected.count
      if kind == "float" {
        #expect(found.tokens == expected, "\(options)")
        if let score = try? row.number("score") { worst = max(worst, abs(found.score - Float(score))) }
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if kind == "float" { #expect(worst < 1e-4) }
    print(
      "\(made.name): \(kind) path: \(equal) of \(all) tokens equal PyTorch's before the first that differs"
        + (kind == "float" ? ", largest difference of a score \(worst)" : "") + ";",
      "\(made.rows.count) searches in \(seconds) s; peak memory of the tests \(FullSize.peakMemory) MiB")
  }
}
