// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@testable import Diffusion

@Suite struct SeqDiffuSeqTests {
  static let folder = GoldenModel.root + "/Tests/GoldenFixtures/Tiny/SeqDiffuSeq/"
  let source: [Int32] = [0, 7, 8, 9, 30, 2]

  func open() throws -> SeqDiffuSeq { try SeqDiffuSeq(file: ContainerFile(path: Self.folder + "model.assigner")) }

  @Test func encoderStatesEqualPyTorch() throws {
    let recorded = try RecordedSampling(model: open(), golden: Self.folder + "golden")
    let differences = try recorded.encoderDifferences()
    #expect(differences.count == 2 && differences.allSatisfy { $0 < 1e-4 })
  }

  @Test func theWholeTrajectoryEqualsTheReference() throws {
    let runs = try RecordedSampling(model: open(), golden: Self.folder + "golden").run()
    #expect(runs.count == 6)
    for run in runs {
      #expect(run.states < 1e-3 && run.predictions < 1e-3 && run.probabilities < 1e-3, "\(run)")
      #expect(run.values == 24 * 6 * 16 && run.tokens == run.expected, "\(run)")
    }
  }

  @Test func theReferenceVarianceLeavesLittleNoise() throws {
    let model = try open()
    let arena = Arena(capacity: model.scratch)
    func spread(_ variance: SeqDiffuSeqOptions.Variance) throws -> Float {
      let memory = try model.network.encodeSource(source, arena: arena)
      defer { arena.release(to: 0) }
      var middle: [[Float]] = []
      for seed in 0..<2 {
        let noise = Noise(seed: UInt64(seed), noiseKey: 1, candidate: 0)
        _ = try model.sample(memory, options: SeqDiffuSeqOptions(variance: variance), noise: noise, arena: arena) {
          step, _, x, _ in
          if step == 6 { middle.append((0..<x.count).map { x.base[$0] }) }
        }
      }
      return zip(middle[0], middle[1]).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    #expect(try spread(.reference) < spread(.corrected) / 2)
  }

  @Test func theSameSeedAndKeyGiveTheSameSequences() throws {
    let model = try open()
    let arena = Arena(capacity: model.scratch)
    let options = SeqDiffuSeqOptions(variance: .corrected, candidates: 4)
    let first = try model.candidates(source: source, options: options, noiseKey: 3, arena: arena)
    #expect(try model.candidates(source: source, options: options, noiseKey: 3, arena: arena) == first)
    #expect(try model.candidates(source: source, options: options, noiseKey: 4, arena: arena) != first)
    #expect(Set(first.map(\.probabilities)).count == 4)
    #expect(arena.mark == 0 && arena.highWater <= arena.capacity)
  }

  @Test func sourcesAreFramedAndCutAsInTraining() throws {
    let model = try open()
    #expect(model.source([7, 8]) == [0, 7, 8, 2])
    let long = model.source((0..<30).map { Int32($0) + 5 })
    #expect(long.count == 20 && long.last == 23)
    #expect(model.text([0, 7, 1, 9, 2, 1]) == [7, 9])
  }

  @Test func tablesThatNoPosteriorHasAreRefused() throws {
    let original = try ContainerFile(path: Self.folder + "model.assigner")
    for name in ["clean", "noisy", "deviation", "referenceDeviation"] {
      for value in [Float.nan, -0.1, 1.5, .infinity] {
        let section = "generator/diffusion/posterior." + name
        var table = Array(try original.floats(section))
        table[17] = value
        let file = try ModelVariant.file(of: original, replacing: [section: (original.section(section)!.shape, table)])
        let error = #expect(throws: ContainerError.self) { try SeqDiffuSeq(file: file) }
        #expect(error?.section == section)
      }
    }
    for (name, value) in [("normalizesInput", .string("yes")), ("timesteps", 23), ("positions", 5)] as [(String, JSONValue)] {
      let file = try ModelVariant.file(of: original, metadata: ModelVariant.setting(["generator", "diffusion", name], value))
      #expect(throws: ContainerError.self) { try SeqDiffuSeq(file: file) }
    }
    #expect(try GeneratorKind.of(original) == .seqdiffuseq)
    #expect(try GeneratorKind.of(ContainerFile(path: GoldenModel.tiny.path)) == .diffusion)
  }
}
