// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import ModelFile
import Tensors
import TestSupport
import Testing
import Text

@testable import Generation

/// Hashtags from a search, compared with hashtags from diffusion.
@Suite struct DiffusionWriterTests {
  private let folder = TemporaryFolder()
  private let model: ContainerFile

  init() throws {
    try TinyModel().write(to: folder.file("model"))
    model = try ContainerFile(path: folder.file("model"), kind: .model)
  }

  private func write(_ options: GenerationOptions) throws -> [GeneratedHashtag] {
    let writer = try DiffusionWriter(model: model, options: options)
    return try written(by: writer, ["flood", "fire"], "water near the bridge")
  }

  @Test func aSearchsTokensAreReadBack() throws {
    var asked = GenerationOptions(method: .autoregressive, sampling: SamplingOptions(candidates: 2))
    asked.beams = 3
    let options = BeamOptions(beams: 3, sequences: 2, maximumLength: .max)
    let generator = try Generator(file: model)
    let writer = try DiffusionWriter(model: model)
    let sequences = try generator.decode(
      source: writer.source(hashtags: ["flood", "fire"], text: "water near the bridge"), options: options,
      arena: Arena(capacity: generator.scratch(options)))
    #expect(sequences.count == 2)
    let spelling = try HashtagSpelling(vocabulary: model.bytes("text/generationVocabulary"))
    let expected = sequences.flatMap { sequence in
      spelling.read(sequence.tokens).enumerated().map { position, reading in
        GeneratedHashtag(
          normal: reading.hashtag, position: position, probabilities: reading.positions.map { sequence.probabilities[$0] })
      }
    }
    let written = try write(asked)
    #expect(!written.isEmpty && written == expected)
    #expect(
      written.allSatisfy { $0.leastProbability > 0 && $0.leastProbability <= $0.meanProbability && $0.meanProbability <= 1 })
  }

  @Test func generatorSourceKeepsItsShape() throws {
    let tokenizer = try Tokenizer(file: model, name: "encoder")
    let generator = try DiffusionWriter(model: model)
    func pieces(_ source: [Int32]) -> [String] { source.map { tokenizer.piece($0) ?? "?" } }
    #expect(pieces(generator.source(hashtags: [], text: "flood")) == ["[CLS]", "[SEP]", "flood", "[SEP]"])
    #expect(
      pieces(generator.source(hashtags: ["fire", "flood"], text: "the water"))
        == ["[CLS]", "fire", ";", "flood", "[SEP]", "the", "water", "[SEP]"])
    let long = pieces(
      generator.source(
        hashtags: Array(repeating: String(repeating: "9", count: 30), count: 9),
        text: String(repeating: "flood ", count: 500)))
    #expect(long.count == 128 && long.last == "[SEP]" && long.count { $0 == "[SEP]" } == 2)
    #expect(long.firstIndex(of: "[SEP]").map { $0 <= 64 } == true)
  }

  @Test func probabilitiesOfHopelessTokensAreZero() {
    #expect(DecodedSequence.probability(ofLogarithm: -.infinity) == 0)
    #expect(abs(DecodedSequence.probability(ofLogarithm: -1) - 0.36787944117) < 1e-10)
  }

  @Test func optionsOverrideTheNetworksOwn() {
    var options = GenerationOptions()
    let own = BeamOptions(beams: 5, maximumLength: 30, lengthPenalty: 2)
    #expect(options.search(own) == own)
    (options.beams, options.lengthPenalty, options.sampling.candidates) = (2, 0, 7)
    let asked = options.search(own)
    #expect(asked.beams == 2 && asked.lengthPenalty == 0 && asked.maximumLength == 30 && asked.sequences == 7)
  }
}
