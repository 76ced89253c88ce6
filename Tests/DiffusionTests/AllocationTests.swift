// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Decoding
import GoldenFixtures
import ModelFile
import Tensors
import Testing

@testable import Diffusion

/// The hot path allocates nothing.
@Suite(.enabled(if: assigner_allocations() >= 0, "only glibc's functions can be stood in for")) struct AllocationTests {
  private let generator: Generator
  private let arena: Arena
  private let source: [Int32]

  init() throws {
    generator = try Generator(file: ContainerFile(path: GoldenModel.tinyInt8.path))
    arena = Arena(capacity: generator.scratch)
    source = [Int32](repeating: 5, count: 12)
  }

  /// The number of allocations for one sequence. The first sequence initialises what is created once.
  private func allocations(
    _ sampler: SamplingOptions.Sampler, steps: Int, clamp: Bool, observer: Generator.Observer? = nil
  ) throws -> Int {
    let options = SamplingOptions(sampler: sampler, steps: steps, earlyStop: false, clamp: clamp)
    let memory = try generator.encodeSource(source, arena: arena)
    let noise = Noise(seed: 1, noiseKey: 1, candidate: 0, temperature: 1)
    var count = 0
    for _ in 0..<2 {
      let before = assigner_allocations()
      let generation = try generator.sample(memory, options: options, noise: noise, arena: arena, observer: observer)
      count = assigner_allocations() - before
      #expect(generation.stepsTaken == steps)
    }
    arena.release(to: 0)
    return count
  }

  @Test(arguments: SamplingOptions.Sampler.allCases, [true, false])
  func aDenoisingStepAllocatesNothing(sampler: SamplingOptions.Sampler, clamp: Bool) throws {
    // Only the result's arrays are allocated, for any number of steps.
    #expect(try allocations(sampler, steps: 9, clamp: clamp) == allocations(sampler, steps: 2, clamp: clamp))
    #expect(try allocations(sampler, steps: 9, clamp: clamp) < 9)
  }

  @Test func anAllocationInAStepIsSeen() throws {
    var kept: [Float] = []
    let observer: Generator.Observer = { step, _, v, _ in kept = (0..<v.columns + step).map { Float($0) } }
    let few = try allocations(.ddim, steps: 2, clamp: true, observer: observer)
    #expect(try allocations(.ddim, steps: 9, clamp: true, observer: observer) >= few + 7)
    #expect(!kept.isEmpty)
  }

  @Test func aStepOfASearchAllocatesNothing() throws {
    func allocations(length: Int) throws -> Int {
      let options = BeamOptions(beams: 3, maximumLength: length, minimumLength: length)
      let arena = Arena(capacity: generator.scratch(options))
      _ = try generator.decode(source: source, options: options, arena: arena)
      let before = assigner_allocations()
      _ = try generator.decode(source: source, options: options, arena: arena)
      return assigner_allocations() - before
    }
    let longest = generator.configuration.positions
    #expect(try allocations(length: longest) == allocations(length: 3))
  }
}
