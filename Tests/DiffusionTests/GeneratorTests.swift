// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Tensors
import Testing

@testable import Diffusion

@Suite struct GeneratorTests {
  let source: [Int32] = [2, 60, 61, 3, 90, 70, 71, 72, 3]

  func generator(_ model: GoldenModel = .tinyInt8) throws -> Generator {
    try Generator(file: ContainerFile(path: model.path))
  }

  @Test(arguments: [GoldenModel.tiny, .tinyInt8])
  func theSameSeedAndKeyGiveTheSameBits(model: GoldenModel) throws {
    let generator = try generator(model)
    let arena = Arena(capacity: generator.scratch)
    for sampler in SamplingOptions.Sampler.allCases {
      let options = SamplingOptions(sampler: sampler, steps: 5, seed: 3, earlyStop: false, clamp: false)
      let first = try generator.generate(source: source, options: options, noiseKey: 1, arena: arena)
      // Two lines may give the same pieces by chance, but not many lines.
      let others = try (2..<18).map { try generator.generate(source: source, options: options, noiseKey: $0, arena: arena) }
      #expect(try generator.generate(source: source, options: options, noiseKey: 1, arena: arena) == first)
      #expect(others.contains { $0.rounded != first.rounded || $0.probabilities != first.probabilities }, "\(sampler)")
      #expect(first.stepsTaken == 5)
      #expect(first.tokens.count == 6 && first.probabilities.allSatisfy { $0 > 0 && $0 <= 1 })
    }
  }

  @Test func candidatesBeginWithWhatGenerateGives() throws {
    let generator = try generator()
    let arena = Arena(capacity: generator.scratch)
    let options = SamplingOptions(steps: 4, candidates: 16, earlyStop: false, clamp: false)
    let all = try generator.candidates(source: source, options: options, noiseKey: 7, arena: arena)
    #expect(all.count == 16)
    #expect(try generator.generate(source: source, options: options, noiseKey: 7, arena: arena) == all[0])
    #expect(Set(all.map(\.probabilities)).count > 1 || Set(all.map(\.rounded)).count == 1)
    let predictions = try (0..<2).map { candidate in
      var seen: [Float] = []
      let memory = try generator.encodeSource(source, arena: arena)
      _ = try generator.sample(
        memory, options: options, noise: Noise(seed: options.seed, noiseKey: 7, candidate: candidate), arena: arena
      ) { _, _, v, _ in seen.append(v[0, 0]) }
      arena.release(to: 0)
      return seen
    }
    #expect(predictions[0].count == 4 && zip(predictions[0], predictions[1]).allSatisfy { $0 != $1 })
  }

  @Test func withoutSelfConditioningEveryStepSeesNoPrediction() throws {
    let generator = try generator(.tiny)
    let arena = Arena(capacity: generator.scratch)
    for isOn in [true, false] {
      var options = SamplingOptions(steps: 4, earlyStop: false, clamp: false)
      options.selfConditioning = isOn
      var isAlone: [Bool] = []
      let memory = try generator.encodeSource(source, arena: arena)
      _ = try generator.sample(memory, options: options, noise: Noise(seed: 0, noiseKey: 3, candidate: 0), arena: arena) {
        _, timestep, v, prediction in
        let inner = Arena(capacity: generator.scratch)
        guard let alone = try? inner.floats(rows: v.rows, columns: v.columns) else { return }
        try? generator.denoiser.predict(
          v, previous: nil, timestep: timestep, source: memory, causal: false, into: alone, arena: inner)
        isAlone.append((0..<v.rows).allSatisfy { row in (0..<v.columns).allSatisfy { alone[row, $0] == prediction[row, $0] } })
      }
      arena.release(to: 0)
      #expect(isAlone == (isOn ? [true, false, false, false] : [true, true, true, true]))
    }
  }

  @Test func withoutTheFinalPassPiecesAreTheRoundedOnes() throws {
    let generator = try generator(.tiny)
    let arena = Arena(capacity: generator.scratch)
    for noiseKey in UInt64(0)..<6 {
      var options = SamplingOptions(steps: 3, earlyStop: false)
      let whole = try generator.generate(source: source, options: options, noiseKey: noiseKey, arena: arena)
      options.finalPass = false
      let rounded = try generator.generate(source: source, options: options, noiseKey: noiseKey, arena: arena)
      #expect(rounded.tokens == whole.rounded && rounded.rounded == whole.rounded)
      // The nearest of 60 pieces is more probable than the average piece.
      #expect(rounded.probabilities.allSatisfy { $0 > 1.0 / 60 && $0 <= 1 })
      #expect(rounded.probabilities != whole.probabilities)
    }
  }

  @Test func stopsEarlyWhenTwoStepsRunningRoundAlike() throws {
    let generator = try generator()
    let arena = Arena(capacity: generator.scratch)
    for noiseKey in UInt64(0)..<8 {
      let stopped = try generator.generate(source: source, options: SamplingOptions(steps: 50), noiseKey: noiseKey, arena: arena)
      #expect(stopped.stepsTaken >= 2)
      var rounded: [[Int32]] = []
      let memory = try generator.encodeSource(source, arena: arena)
      _ = try generator.sample(
        memory, options: SamplingOptions(steps: 50, earlyStop: false), noise: Noise(seed: 0, noiseKey: noiseKey, candidate: 0),
        arena: arena
      ) { _, _, _, prediction in
        var tokens = [Int32](repeating: 0, count: prediction.rows)
        try? generator.rounding.round(prediction, into: &tokens, arena: Arena(capacity: generator.scratch))
        rounded.append(tokens)
      }
      let first = (1..<rounded.count).first { rounded[$0] == rounded[$0 - 1] }
      #expect(stopped.stepsTaken == first.map { $0 + 1 } ?? 50)
      arena.release(to: 0)
    }
  }

  @Test(arguments: [GoldenModel.tiny, .tinyInt8])
  func thePlannedScratchSufficesForTheLongestSource(model: GoldenModel) throws {
    let generator = try generator(model)
    let arena = Arena(capacity: generator.scratch)
    let source = (0..<generator.maximumTokens).map { Int32($0 % 60) }
    for sampler in SamplingOptions.Sampler.allCases {
      let options = SamplingOptions(sampler: sampler, steps: 3)
      _ = try generator.generate(source: source, options: options, noiseKey: 0, arena: arena)
    }
    #expect(arena.mark == 0)
    #expect(arena.highWater <= arena.capacity && arena.highWater > arena.capacity / 2)
  }

  @Test(arguments: [GoldenModel.tiny, .tinyInt8])
  func aSourceHasTheSameBitsAloneAndAmongOthers(model: GoldenModel) throws {
    let generator = try generator(model)
    let arena = Arena(capacity: generator.scratch)
    // More tokens than one batch holds.
    let sources = [9, 1, 128, 40, 70, 18, 127, 2, 128, 64].map { length in (0..<length).map { Int32(($0 * 7 + length) % 60) } }
    let options = SamplingOptions(steps: 3, candidates: 2, earlyStop: false)
    var together: [[GeneratedSequence]] = []
    try generator.encodeSources(sources, arena: arena) { (place, memory) throws(TensorError) in
      #expect(place == together.count && memory.rows == sources[place].count)
      together.append(try generator.draw(memory, options: options, noiseKey: UInt64(place), arena: arena))
    }
    #expect(arena.mark == 0)
    for (place, source) in sources.enumerated() {
      #expect(
        try generator.candidates(source: source, options: options, noiseKey: UInt64(place), arena: arena) == together[place])
    }
    #expect(throws: TensorError.self) {
      try generator.encodeSources([source, []], arena: arena) { (_, _) throws(TensorError) in }
    }
    #expect(throws: TensorError.self) {
      try generator.encodeSources([source, [Int32](repeating: 2, count: 129)], arena: arena) { (_, _) throws(TensorError) in }
    }
    #expect(arena.mark == 0)
  }

  @Test(arguments: [Int.min, -1, 0, 1, 200, 201, Int.max])
  func unusualNumbersOfStepsAreTakenIntoRange(count: Int) throws {
    let generator = try generator()
    let arena = Arena(capacity: generator.scratch)
    let options = SamplingOptions(steps: count, earlyStop: false)
    let generation = try generator.generate(source: source, options: options, noiseKey: 0, arena: arena)
    #expect(generation.stepsTaken == min(max(count, 1), 200))
  }

  @Test func badSourcesAreErrors() throws {
    let generator = try generator()
    let arena = Arena(capacity: generator.scratch)
    for source in [[], [Int32](repeating: 2, count: 129), [2, 100_000], [-5]] {
      #expect(throws: TensorError.self) { try generator.generate(source: source, noiseKey: 0, arena: arena) }
    }
    #expect(arena.mark == 0)
  }

  @Test(arguments: [Float.nan, 0, -0.1, 1, 1.5, .infinity])
  func aScheduleThatDividesByZeroIsRefused(value: Float) throws {
    let file = try ContainerFile(path: GoldenModel.tiny.path)
    var table = Array(try file.floats("generator/diffusion/alphaBar"))
    table[6 * 100 + 2] = value
    let variant = try ModelVariant.file(replacing: ["generator/diffusion/alphaBar": ([201, 6], table)])
    let error = #expect(throws: ContainerError.self) { try Generator(file: variant) }
    #expect(error?.section == "generator/diffusion/alphaBar")
  }

  @Test(
    arguments: [
      ("positions", .integer(7)), ("positions", .integer(0)), ("timesteps", .integer(100)), ("timesteps", .integer(.max)),
      ("vocabularySize", .integer(20)), ("bos", .integer(-1)), ("bos", .integer(1 << 30)), ("embeddingSize", .integer(13)),
      ("selfConditioning", .bool(false)), ("selfConditioning", .string("yes")), ("logitScale", .number(1e300)),
    ] as [(String, JSONValue)])
  func hyperparametersThatDoNotFitAreErrors(name: String, value: JSONValue) throws {
    let file = try ModelVariant.file(metadata: ModelVariant.setting(["generator", "diffusion", name], value))
    #expect(throws: ContainerError.self) { try Generator(file: file) }
  }

  @Test func weightsThatAreNoNumbersNeverTrap() throws {
    let file = try ContainerFile(path: GoldenModel.tiny.path)
    for name in ["generator/diffusion/input.up.weight", "generator/diffusion/tokenEmbedding", "generator/finalBias"] {
      let section = try #require(file.section(name))
      let elements = (0..<section.count).map { $0 % 3 == 0 ? Float.nan : ($0 % 3 == 1 ? .infinity : -1e38) }
      let generator = try Generator(file: ModelVariant.file(replacing: [name: (section.shape, elements)]))
      let arena = Arena(capacity: generator.scratch)
      #expect(try generator.generate(source: source, noiseKey: 0, arena: arena).tokens.count == 6)
    }
  }
}
