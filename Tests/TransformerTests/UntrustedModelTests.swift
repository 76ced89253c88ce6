// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Testing
import Transformer

/// Files that are valid containers but invalid models.
@Suite struct UntrustedModelTests {
  @Test func aMissingTensorIsNamed() throws {
    let name = "retriever/layers.1.attention.value.bias"
    let file = try ModelVariant.file(without: [name], metadata: ModelVariant.setting(["aliases"], .object([:])))
    let error = #expect(throws: ContainerError.self) { try Encoder(file: file, name: "retriever") }
    #expect(error?.section == name && error?.rule == .missingSection)
  }

  @Test(arguments: [[31], [32, 1], [1]])
  func aTensorOfAnotherShapeIsNamed(shape: [Int]) throws {
    let name = "selector/layers.0.feedForward.norm.weight"
    let file = try ModelVariant.file(replacing: [name: (shape, [Float](repeating: 0, count: shape.reduce(1, *)))])
    let error = #expect(throws: ContainerError.self) { try SentenceEncoder(file: file, name: "selector") }
    #expect(error?.section == name && error?.rule == .wrongShape(expected: [32], found: shape))
  }

  @Test(
    arguments: [
      ("hiddenSize", .integer(0)), ("hiddenSize", .integer(1 << 60)), ("hiddenSize", .string("32")),
      ("layers", .integer(-1)), ("layers", .integer(3)), ("heads", .integer(0)), ("heads", .integer(5)),
      ("feedForwardSize", .integer(1 << 40)), ("vocabularySize", .integer(.max)), ("maximumTokens", .integer(129)),
      ("maximumPositions", .integer(127)), ("layerNormEpsilon", .number(-1)), ("pooling", "max"), ("pooling", "cls-mlp"),
      ("activation", "relu"),
    ] as [(String, JSONValue)])
  func hyperparametersOutOfRangeAreErrors(name: String, value: JSONValue) throws {
    let file = try ModelVariant.file(metadata: ModelVariant.setting(["retriever", name], value))
    #expect(throws: ContainerError.self) { try SentenceEncoder(file: file, name: "retriever") }
  }

  @Test func scratchMemoryIsHeldToTheFilesSize() throws {
    let file = try ModelVariant.file()
    #expect(throws: Never.self) { try file.checkScratch(512 << 20) }
    let error = #expect(throws: ContainerError.self) { try file.checkScratch(513 << 20) }
    #expect(error?.description.contains("need 513 MiB to run; a file of this size may need at most 512 MiB") == true)
  }

  @Test func aNetworkThatIsNotThereIsAnError() throws {
    let file = try ModelVariant.file()
    #expect(throws: ContainerError.self) { try SentenceEncoder(file: file, name: "nobody") }
    #expect(throws: ContainerError.self) { try SentenceEncoder(file: file, name: "") }
  }
}
