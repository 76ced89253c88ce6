// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import ModelFile
import Retrieval
import Tensors
import TestSupport
import Testing
import Text

@testable import Recommender

/// Hashtags written piece by piece, beside those written by diffusion.
@Suite struct GenerationTests {
  private let folder = TemporaryFolder()
  private let model: ContainerFile

  init() throws {
    try TinyModel().write(to: folder.file("model"))
    model = try ContainerFile(path: folder.file("model"), kind: .model)
  }

  private func write(_ method: HashtagGenerator.Method) throws -> [GeneratedHashtag] {
    let writer = try HashtagGenerator(model: model, method: method)
    return try writer.write(
      hashtags: ["flood", "fire"], text: "water near the bridge", line: 1, arena: Arena(capacity: writer.scratch))
  }

  @Test func aSearchsTokensAreReadBack() throws {
    let options = BeamOptions(beams: 3, sequences: 2, maximumLength: .max)
    let generator = try Generator(file: model)
    let writer = try HashtagGenerator(model: model)
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
    let written = try write(.autoregressive(options))
    #expect(!written.isEmpty && written == expected)
    #expect(
      written.allSatisfy { $0.leastProbability > 0 && $0.leastProbability <= $0.meanProbability && $0.meanProbability <= 1 })
  }

  @Test func probabilitiesOfHopelessTokensAreZero() {
    #expect(DecodedSequence.probability(ofLogarithm: -.infinity) == 0)
    #expect(abs(DecodedSequence.probability(ofLogarithm: -1) - 0.36787944117) < 1e-10)
  }

  @Test func optionsOverrideTheNetworksOwn() {
    var options = RecommenderOptions()
    let own = BeamOptions(beams: 5, maximumLength: 30, lengthPenalty: 2)
    #expect(options.search(own) == own)
    (options.beams, options.lengthPenalty, options.sampling.candidates) = (2, 0, 7)
    let asked = options.search(own)
    #expect(asked.beams == 2 && asked.lengthPenalty == 0 && asked.maximumLength == 30 && asked.sequences == 7)
  }
}
