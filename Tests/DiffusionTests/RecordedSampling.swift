// SPDX-License-Identifier: Apache-2.0

import FloatLibrary
import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@testable import Diffusion

/// A SeqDiffuSeq model, and the values that `Tools/fixtures/seqdiffuseq.py` recorded from its network.
struct RecordedSampling {
  let model: SeqDiffuSeq
  private let book: GoldenBook

  /// - Parameter golden: the path of the recorded values, without file extensions.
  init(model: SeqDiffuSeq, golden: String) throws {
    self.model = model
    book = try GoldenBook(path: golden)
  }

  struct Run {
    let name: String
    /// The largest differences over all steps for x_t and the predictions, and for the final probabilities.
    let states, predictions, probabilities: Float
    /// The number of values compared for each.
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
    // Trajectories that mix processes at random are not run here.
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

/// The folder that `Tools/full-size seqdiffuseq` created and names in ASSIGNER_FULL_SIZE.
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
