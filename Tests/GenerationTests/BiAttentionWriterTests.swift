// SPDX-License-Identifier: Apache-2.0

import Conversion
import GoldenFixtures
import ModelFile
import Recurrent
import Tensors
import TestSupport
import Testing
import Text

@testable import Generation

/// From the words of a post and its conversation to hashtags, with networks from PyTorch.
@Suite struct BiAttentionWriterTests {
  private static let folder = TemporaryFolder()

  private static func model(_ book: BiAttentionBook) throws -> ContainerFile {
    let path = folder.file("\(book).\(UInt64.random(in: 0 ... .max))")
    try Converter(checkpoint: Checkpoint(generator: book.checkpoint), keepsFloats: true).convert().writer.write(to: path)
    return try ContainerFile(path: path, kind: .model)
  }

  private static func vocabulary(_ model: ContainerFile) throws -> WordVocabulary {
    try WordVocabulary(model.bytes(ModelLayout.words, limit: 1 << 20))
  }

  private func input(_ post: String, _ conversation: [String]) -> GeneratorInput {
    GeneratorInput(hashtags: [], text: post, noiseKey: 0, post: post, conversation: conversation)
  }

  @Test(arguments: BiAttentionBook.all)
  func wordsAreReadAsInTraining(book: BiAttentionBook) throws {
    let model = try Self.model(book)
    let (network, vocabulary) = (try BiAttentionNetwork(file: model), try Self.vocabulary(model))
    for item in try book.cases() {
      let words = BiAttentionWords(input(item.text, [item.conversation]), network.configuration, vocabulary)
      #expect(words.source.texts == item.texts)
      guard network.configuration.copies else { continue }
      #expect(words.source.copies == item.copies && words.source.extras == item.extras)
    }
  }

  @Test(arguments: BiAttentionBook.all)
  func theListIsThatOfPyTorch(book: BiAttentionBook) throws {
    let model = try Self.model(book)
    let vocabulary = try Self.vocabulary(model)
    var options = GenerationOptions(method: .auto)
    for item in try book.cases() where item.longest == 5 {
      options.beams = item.beams
      let writer = try BiAttentionWriter(model: model, options: options)
      let found = try writer.write([input(item.text, [item.conversation])], arena: Arena(capacity: writer.scratch))[0]
      let words = BiAttentionWords(
        input(item.text, [item.conversation]), try BiAttentionNetwork(file: model).configuration, vocabulary)
      let golden = item.sequences.filter { $0.tokens.last == 3 }.map { sequence in
        HashtagNormalForm.normalize(sequence.tokens.dropLast().map { words.spelling($0, vocabulary) }.joined())
      }
      #expect(found.map(\.normal) == golden.filter { !$0.isEmpty })
      #expect(found.map(\.position) == Array(found.indices))
      #expect(found.allSatisfy { $0.leastProbability > 0 && $0.leastProbability <= $0.meanProbability })
      #expect(!found.isEmpty)
    }
  }

  @Test func wordsThatTheOutputLacksAreCopied() throws {
    let model = try Self.model(BiAttentionBook(name: "bi-attention-copy"))
    let network = try BiAttentionNetwork(file: model)
    let vocabulary = try Self.vocabulary(model)
    let words = BiAttentionWords(input("flood Unheard", ["unheard newtown"]), network.configuration, vocabulary)
    let outputs = Int32(vocabulary.outputs)
    #expect(words.source.extras == 2 && words.source.copies == [vocabulary.number(of: "flood"), outputs, outputs, outputs + 1])
    #expect(words.spelling(outputs, vocabulary) == "unheard" && words.spelling(outputs + 1, vocabulary) == "newtown")
    #expect(words.spelling(outputs + 2, vocabulary) == "")
  }

  @Test func aLongReplyNeverHidesTheNext() {
    let long = (0..<30).map { "a\($0)" }
    #expect(BiAttentionWords.shared([long, ["b", "c"]], limit: 10) == Array(long.prefix(5)) + ["b", "c"])
    #expect(BiAttentionWords.shared([["b", "c"], long], limit: 10) == ["b", "c"] + Array(long.prefix(8)))
    #expect(BiAttentionWords.shared([long], limit: 10) == Array(long.prefix(10)))
    #expect(BiAttentionWords.shared([], limit: 10) == [])
    #expect(BiAttentionWords.shared((0..<30).map { ["\($0)"] }, limit: 10).count <= 10)
  }

  @Test func otherMethodsAndWordListsAreRefused() throws {
    let model = try Self.model(BiAttentionBook(name: "post"))
    #expect(throws: GenerationError.otherMethod(path: model.path, kind: .biAttention, method: .diffusion)) {
      try GeneratorKind.writer(of: model, options: GenerationOptions(method: .diffusion))
    }
    #expect(try GeneratorKind.writer(of: model, options: GenerationOptions(method: .biAttention)) != nil)
    #expect(try GeneratorKind.writer(of: model, options: GenerationOptions(method: .auto)) != nil)
    #expect(try GeneratorKind.writer(of: model, options: GenerationOptions(method: .off)) == nil)
  }
}
