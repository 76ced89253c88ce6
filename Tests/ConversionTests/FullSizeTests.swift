// SPDX-License-Identifier: Apache-2.0

import FloatLibrary
import GoldenFixtures
import Tensors
import Testing
import Text
import Transformer

@testable import ModelFile

@Test(.enabled(if: FullSize(kind: "sentence") != nil, "run Tools/full-size bert-base, or another"))
func fullSizeSentenceEncoders() throws {
  let made = try #require(FullSize(kind: "sentence"))
  for kind in ["int8", "float"] {
    let file = try made.model(kind)
    let tokenizer = try Tokenizer(file: file, name: "encoder")
    let network = try SentenceEncoder(file: file, name: "retriever", products: .fastest)
    let arena = Arena(capacity: network.scratch)
    var (largest, least): (Float, Double) = (0, 1)
    var tokens = 0
    let start = ContinuousClock.now
    for row in made.rows {
      let ids = try row.tokens("tokens")
      #expect(try tokenizer.framed(row.string("text"), limit: network.maximumTokens) == ids)
      tokens += ids.count
      // The file's pooling is "cls-mlp"; the test computes the other poolings from the states.
      let found = try ["cls-mlp": network.encode(ids, arena: arena)].merging(
        pooled(ids, network.encoder), uniquingKeysWith: { $1 })
      for (pooling, vector) in found {
        let expected = try row.required(["embeddings"]).numbers(pooling).map { Float($0) }
        largest = max(largest, Agreement.largestDifference(vector, expected))
        least = min(least, Agreement.cosine(vector, expected))
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print(
      "\(made.name): \(kind) path by \(kind == "float" ? FloatProducts.fastestName : "the kernels"): largest difference \(largest), least cosine \(least);",
      "\(made.rows.count) texts, \(tokens) tokens, twice, in \(seconds) s; peak memory of the tests \(FullSize.peakMemory) MiB")
    if kind == "float" { #expect(largest < 1e-4) } else { #expect(least > 0.98) }
  }
}

/// The mean and the first state, both normalised to length 1.
private func pooled(_ tokens: [Int32], _ encoder: Encoder) throws -> [String: [Float]] {
  let size = encoder.configuration.hiddenSize
  let arena = Arena(capacity: encoder.scratch(tokens: tokens.count) + Arena.bytes((tokens.count + 1) * size, Float.self) + 64)
  let states = try arena.floats(rows: tokens.count, columns: size)
  let result = tokens.withUnsafeBufferPointer { tokens in
    Result { () throws(TensorError) in try encoder.encode(tokens, into: states, arena: arena) }
  }
  try result.get()
  let first = Array(UnsafeBufferPointer(start: states.row(0), count: size))
  var mean = [Float](repeating: 0, count: size)
  try mean.withUnsafeMutableBufferPointer { Kernels.meanOfRows(states, into: try #require($0.baseAddress)) }
  return try ["cls": first, "mean": mean].mapValues { vector in
    var vector = vector
    try vector.withUnsafeMutableBufferPointer { Kernels.normalize(try #require($0.baseAddress), count: size) }
    return vector
  }
}
