// SPDX-License-Identifier: Apache-2.0

import FloatLibrary
import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@testable import Diffusion

/// A SeqDiffuSeq model beside what `Tools/fixtures/seqdiffuseq.py` recorded of its network.
struct RecordedSampling {
  let model: SeqDiffuSeq
  private let book: GoldenBook

  /// - Parameter golden: the book's path without its endings.
  init(model: SeqDiffuSeq, golden: String) throws {
    self.model = model
    book = try GoldenBook(path: golden)
  }

  struct Run {
    let name: String
    /// Largest differences over all steps, of x_t and of the predictions; of the last probabilities.
    let states, predictions, probabilities: Float
    /// Numbers compared of each.
    let values: Int
    let tokens, expected: [Int32]
    let seconds: Double
  }

  func encoderDifferences() throws -> [Float] {
    try book.cases("encoder").map { item in
      let tokens = try item.inputs.tokens("tokens")
      let arena = Arena(capacity: model.scratch)
      let states = try arena.floats(rows: tokens.count, columns: model.network.encoder.configuration.hiddenSize)
      let result = tokens.withUnsafeBufferPointer { tokens in
        Result { () throws(TensorError) in try model.network.encoder.encode(tokens, into: states, arena: arena) }
      }
      try result.get()
      return Agreement.largestDifference((0..<states.count).map { states.base[$0] }, book.floats(item, "states"))
    }
  }

  func run() throws -> [Run] {
    // Ways that are mixed by chance are not run here.
    try book.cases("trajectory").filter { try $0.inputs.string("way") != "mixed" }.map { item in
      let process: SeqDiffuSeqOptions.Process = try item.inputs.string("way") == "forward" ? .forward : .posterior
      let variance = try #require(try SeqDiffuSeqOptions.Variance(rawValue: item.inputs.string("variance")))
      let arena = Arena(capacity: model.scratch)
      let start = ContinuousClock.now
      let memory = try model.network.encodeSource(item.inputs.tokens("tokens"), arena: arena)
      let noise = InjectedNoise(values: try book.floats(item, "noise"))
      var states: [Float] = []
      var predictions: [Float] = []
      let drawn = try model.sample(
        memory, options: SeqDiffuSeqOptions(variance: variance, process: process), noise: noise, arena: arena
      ) { _, _, x, prediction in
        states += (0..<x.count).map { x.base[$0] }
        predictions += (0..<x.count).map { prediction.base[$0] }
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      return Run(
        name: item.name, states: Agreement.largestDifference(states, book.floats(item, "v")),
        predictions: Agreement.largestDifference(predictions, book.floats(item, "prediction")),
        probabilities: Agreement.largestDifference(drawn.probabilities, book.floats(item, "probability")),
        values: states.count, tokens: drawn.tokens, expected: book.integers(item, "best"), seconds: seconds)
    }
  }
}

/// What `Tools/full-size seqdiffuseq` made and names in ASSIGNER_FULL_SIZE.
private let fullSize = FullSize(kind: "seqdiffuseq")

@Test(.enabled(if: fullSize != nil, "run Tools/full-size seqdiffuseq"))
func fullSizeSeqDiffuSeq() throws {
  let made = try #require(fullSize)
  for kind in ["float", "int8"] {
    let model = try SeqDiffuSeq(file: made.model(kind), products: .fastest)
    for run in try RecordedSampling(model: model, golden: made.folder + "/golden").run() {
      let same = zip(run.tokens, run.expected).filter { $0 == $1 }.count
      print(
        "seqdiffuseq: \(kind) path, \(run.name): largest difference of x_t \(run.states), of predictions \(run.predictions);",
        "\(same) of \(run.tokens.count) pieces the same; \(run.seconds) s")
      if kind == "float" { #expect(run.states < 1e-3 && run.predictions < 1e-3 && run.tokens == run.expected, "\(run.name)") }
    }
  }
}
