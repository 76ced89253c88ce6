// SPDX-License-Identifier: Apache-2.0

import Decoding
import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@testable import Diffusion

@Suite struct DecodingTests {
  static let source: [Int32] = [2, 20, 31, 3, 40, 41, 42, 17, 3]

  @Test(arguments: [GoldenModel.tiny, .tinyInt8])
  func cachedStepsGiveTheBitsOfTheWholeCausalPass(model: GoldenModel) throws {
    let generator = try Generator(file: ContainerFile(path: model.path))
    let arena = Arena(capacity: 1 << 24)
    let (l, vocabulary) = (generator.configuration.positions, generator.configuration.vocabularySize)
    let memory = try generator.encodeSource(Self.source, arena: arena)
    // Three sequences that branch at every step.
    let parents: [[Int32]] = (0..<Int32(l)).map { step in
      switch step {
      case 0: [0]
      case 1: [0, 0, 0]
      default: [step % 3, 2, step / 2 % 3]
      }
    }
    var sequences: [[Int32]] = [[]]
    var scorer = try CausalScorer(generator, source: memory, sequences: 3, steps: l, arena: arena)
    let logits = try arena.floats(rows: 3, columns: vocabulary)
    let whole = try arena.floats(rows: l, columns: vocabulary)
    for step in 0..<l {
      let tokens = parents[step].indices.map { sequence in
        step == 0 ? generator.configuration.bos : Int32((step * 5 + sequence * 11) % vocabulary)
      }
      sequences = zip(tokens, parents[step]).map { sequences[Int($1)] + [$0] }
      try tokens.withUnsafeBufferPointer { tokens in
        try parents[step].withUnsafeBufferPointer { parents in
          try scorer.score(tokens, parents: parents, into: logits.rows(from: 0, count: tokens.count), arena: arena)
        }
      }
      for (row, sequence) in sequences.enumerated() {
        let pieces = sequence.dropFirst() + [Int32](repeating: 0, count: l - step)
        try generator.causalLogits(Array(pieces), memory: memory, into: whole, arena: arena)
        #expect((0..<vocabulary).allSatisfy { logits[row, $0].bitPattern == whole[step, $0].bitPattern }, "\(step) \(row)")
      }
    }
  }

  @Test func thePlannedArenaIsEnoughAndMoreBeamsFindNoWorse() throws {
    let generator = try Generator(file: ContainerFile(path: GoldenModel.tiny.path))
    var scores: [Float] = []
    for beams in [1, 2, 4, 20] {
      let options = BeamOptions(beams: beams, sequences: beams, maximumLength: 99, lengthPenalty: 0, earlyStopping: .never)
      let arena = Arena(capacity: generator.scratch(options))
      let found = try generator.decode(source: Self.source, options: options, arena: arena)
      #expect(found.count == beams)
      #expect(found.allSatisfy { $0.tokens.count <= generator.configuration.positions })
      #expect(arena.mark == 0)
      scores.append(found[0].score)
    }
    #expect(scores == scores.sorted())
    #expect(throws: TensorError.self) {
      try generator.decode(source: [9999], options: BeamOptions(), arena: Arena(capacity: 1 << 24))
    }
  }
}
