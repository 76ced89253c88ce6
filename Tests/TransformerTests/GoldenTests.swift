// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@Suite struct GoldenTests {
  /// The empty text of `networks.py`. With only two special tokens, the mean averages out too little of the rounding error.
  static let emptyText: Set<String> = ["retriever.7", "selector.7"]

  @Test(arguments: GoldenModel.floats)
  func sentenceEmbeddingsEqualPyTorch(model: GoldenModel) throws {
    for (item, embedding, expected) in try sentences(model) {
      #expect(Agreement.largestDifference(embedding, expected) < 1e-4, "\(item)")
    }
  }

  @Test func sentenceEmbeddingsOfTheTinyNetworkStayCloseToFloat() throws {
    // With 32 columns, rounding errors average out little. The strict bound is the default model's.
    for (item, embedding, expected) in try sentences(.tinyInt8) {
      #expect(Agreement.cosine(embedding, expected) > 0.99, "\(item)")
    }
  }

  @Test(.enabled(if: GoldenModel.standard != nil, "Models/assigner.model or its golden values are not there"))
  func sentenceEmbeddingsOfTheDefaultModelStayCloseToFloat() throws {
    for (item, embedding, expected) in try sentences(#require(GoldenModel.standard)) {
      #expect(Agreement.cosine(embedding, expected) >= (Self.emptyText.contains(item) ? 0.997 : 0.998), "\(item)")
    }
  }

  @Test(arguments: GoldenModel.floats)
  func bartEncoderEqualsPyTorch(model: GoldenModel) throws {
    for (item, ours, expected) in try encoded(model) {
      #expect(Agreement.largestDifference(ours, expected) < 1e-4, "\(item)")
    }
  }

  @Test(.enabled(if: GoldenModel.standard != nil, "Models/assigner.model or its golden values are not there"))
  func bartEncoderOfTheDefaultModelStaysCloseToFloat() throws {
    for (item, ours, expected) in try encoded(#require(GoldenModel.standard)) {
      #expect(Agreement.cosine(ours, expected) >= 0.99, "\(item)")
    }
  }

  @Test(.enabled(if: GoldenModel.standardFloat != nil, "needs the checkpoint: run Tools/golden --checkpoint DIR"))
  func floatPathOfTheDefaultModelEqualsPyTorch() {}

  private func sentences(_ model: GoldenModel) throws -> [(name: String, ours: [Float], expected: [Float])] {
    let file = try ContainerFile(path: model.path)
    let book = try model.transformerBook()
    let cases = book.cases("sentence")
    #expect(cases.count >= 20)
    return try ["retriever", "selector"].flatMap { network in
      let encoder = try SentenceEncoder(file: file, name: network)
      let arena = Arena(capacity: encoder.scratch)
      return try cases.filter { $0.name.hasPrefix(network) }.map { item in
        (item.name, try encoder.encode(item.inputs.tokens("tokens"), arena: arena), book.floats(item, "embedding"))
      }
    }
  }

  /// The first state, the last state, and the product of every state with the fixed matrix of `networks.py`.
  private func encoded(_ model: GoldenModel) throws -> [(name: String, ours: [Float], expected: [Float])] {
    let encoder = try Encoder(file: ContainerFile(path: model.path), name: "generator/encoder")
    let book = try model.transformerBook()
    let d = encoder.configuration.hiddenSize
    let projection = (0..<d * 8).map { index in
      (index * 40503 % 65536) >> 15 == 0 ? Float(1) / Float(d).squareRoot() : -1 / Float(d).squareRoot()
    }
    return try book.cases("bartEncoder").map { item in
      let tokens = try item.inputs.tokens("tokens")
      var states = [Float](repeating: 0, count: tokens.count * d)
      try states.withUnsafeMutableBufferPointer { states in
        let view = FloatView(try #require(states.baseAddress), rows: tokens.count, columns: d)
        try tokens.withUnsafeBufferPointer { tokens in
          try encoder.encode(tokens, into: view, arena: Arena(capacity: encoder.scratch(tokens: tokens.count)))
        }
      }
      var ours = Array(states.prefix(d)) + states.suffix(d)
      for row in 0..<tokens.count {
        for column in 0..<8 {
          ours.append((0..<d).reduce(0) { $0 + states[row * d + $1] * projection[$1 * 8 + column] })
        }
      }
      return (item.name, ours, book.floats(item, "first") + book.floats(item, "last") + book.floats(item, "projected"))
    }
  }
}
