// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@testable import Diffusion

@Suite struct GoldenTests {
  static let noDefault: Comment = "Models/assigner.model or its golden values are not there"

  @Test(arguments: GoldenModel.floats)
  func denoisingStepsEqualPyTorch(model: GoldenModel) throws {
    for (name, ours, expected) in try Golden(model).denoised() {
      #expect(Agreement.largestDifference(ours, expected) < 1e-4, "\(name)")
    }
  }

  @Test(arguments: GoldenModel.floats)
  func causalPassEqualsPyTorch(model: GoldenModel) throws {
    for pass in try Golden(model).causal() {
      #expect(Agreement.largestDifference(pass.logits, pass.expectedLogits) < 1e-3, "\(pass.name)")
      #expect(pass.pieces == pass.expectedPieces, "\(pass.name)")
      #expect(Agreement.largestDifference(pass.probabilities, pass.expectedProbabilities) < 1e-4, "\(pass.name)")
    }
  }

  @Test(
    arguments: GoldenModel.floats,
    ["ddim", "dpm", "ancestral", "renoise", "clamped"])
  func trajectoriesEqualPyTorch(model: GoldenModel, kind: String) throws {
    let golden = try Golden(model)
    #expect(!golden.diffusion.cases(kind).isEmpty)
    for item in golden.diffusion.cases(kind) {
      let run = try golden.run(item)
      let book = golden.diffusion
      #expect(Agreement.largestDifference(run.v, book.floats(item, "v")) < 1e-3, "\(item.name)")
      #expect(Agreement.largestDifference(run.predictions, book.floats(item, "prediction")) < 1e-3, "\(item.name)")
      #expect(Agreement.largestDifference(run.x0, book.floats(item, "x0")) < 1e-3, "\(item.name)")
      #expect(run.rounded == book.integers(item, "rounded"), "\(item.name)")
      #expect(run.generation.tokens == book.integers(item, "finalTokens"), "\(item.name)")
      let probabilities = book.floats(item, "finalProbabilities")
      #expect(Agreement.largestDifference(run.generation.probabilities, probabilities) < 1e-3, "\(item.name)")
      let visited = try item.inputs.integers("visited")
      #expect(run.timesteps == Array(visited.dropLast()), "\(item.name)")
    }
  }

  @Test func visitedTimeStepsEqualTheTrainingCode() throws {
    let golden = try Golden(.tiny)
    for item in golden.diffusion.cases("visited") {
      let steps = try item.inputs.integer("steps")
      let ours = (0...steps).map { golden.generator.schedule.visited($0, of: steps) }
      #expect(try ours == item.inputs.integers("visited"))
    }
  }

  @Test(.enabled(if: GoldenModel.standard != nil, noDefault))
  func theDefaultModelInInt8StaysCloseToFloat() throws {
    let golden = try Golden(#require(GoldenModel.standard))
    for (name, ours, expected) in try golden.denoised() {
      #expect(Agreement.cosine(ours, expected) >= 0.99, "\(name)")
    }
    for pass in try golden.causal() {
      #expect(Agreement.cosine(pass.logits, pass.expectedLogits) >= 0.99, "\(pass.name)")
    }
    // The first prediction of every trajectory, from the same noise: later steps would amplify small differences.
    for item in golden.diffusion.cases("ddim") {
      let first = golden.diffusion.floats(item, "prediction").prefix(golden.generator.configuration.positions * 8)
      let run = try golden.run(item)
      #expect(Agreement.cosine(Array(run.predictions.prefix(first.count)), Array(first)) >= 0.99, "\(item.name)")
    }
  }
}
