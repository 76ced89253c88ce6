// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// The generator of the reference implementation (Yuan et al., SeqDiffuSeq, 2022; ASSIGNER's published code is the same):
/// a model of kind "seqdiffuseq".
///
/// The network is `Generator`'s, with a layer norm more and without the final pass: ids are those with the highest score
/// E x_0 + b. The way is the full process over all T steps (`SeqDiffuSeq+Sampling.swift`). How ASSIGNER's training adds
/// the vectors of retrieved hashtags is not published, so the source is the tweet alone: <s> tweet </s>.
package struct SeqDiffuSeq: Sendable {
  package let network: Generator
  package let posterior: PosteriorTable

  /// - Throws: `ContainerError` naming the tensor or the hyper-parameter that is missing or does not fit.
  package init(file: ContainerFile, products: FloatProducts = .kernels) throws(ContainerError) {
    network = try Generator(file: file, products: products)
    posterior = try PosteriorTable(
      file: file, steps: network.configuration.timesteps, positions: network.configuration.positions)
  }

  package var configuration: DiffusionConfiguration { network.configuration }
  /// Longest source, specials included.
  package var maximumTokens: Int { network.maximumTokens }

  /// The source's tokens as training cut them: <s> tweet </s>; too long a tweet loses </s>, too.
  package func source(_ tweet: [Int32]) -> [Int32] {
    Array(([configuration.bos] + tweet + [configuration.eos]).prefix(maximumTokens))
  }

  /// The pieces of text in a drawn sequence: without <s>, <pad> and </s>.
  package func text(_ tokens: [Int32]) -> [Int32] {
    tokens.filter { ![configuration.bos, configuration.pad, configuration.eos].contains($0) }
  }

  /// `options.candidates` sequences from different noise; the source is encoded once.
  ///
  /// - Parameters:
  ///   - source: token numbers, see `source(_:)`.
  ///   - noiseKey: with the seed, the key of the noise.
  /// - Throws: `TensorError` for a source that is too long or has tokens outside the vocabulary.
  package func candidates(
    source: [Int32], options: SeqDiffuSeqOptions = SeqDiffuSeqOptions(), noiseKey: UInt64, arena: Arena
  ) throws(TensorError) -> [DrawnSequence] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let memory = try network.encodeSource(source, arena: arena)
    var sequences: [DrawnSequence] = []
    for candidate in 0..<min(max(options.candidates, 1), 4095) {
      let noise = Noise(seed: options.seed, noiseKey: noiseKey, candidate: candidate)
      sequences.append(try sample(memory, options: options, noise: noise, arena: arena))
    }
    return sequences
  }

  /// Arena bytes that any call needs: the network's plan for its own loop, with its final pass, covers this one's five
  /// matrices and scores.
  package var scratch: Int { network.scratch }
}

/// How SeqDiffuSeq's sequences are drawn.
package struct SeqDiffuSeqOptions: Sendable, Equatable {
  /// The deviation of a step's noise.
  package enum Variance: String, CaseIterable, Sendable {
    /// What the reference implementation uses: an element of its flattened table, one for all positions; nearly no noise
    /// after the first step, so that seeds differ little. Its published results were made so.
    case reference
    /// The posterior's own, position by position.
    case corrected
  }

  /// What follows a prediction.
  package enum Process: Sendable, Equatable {
    /// A draw from the posterior.
    case posterior
    /// The prediction itself, noised again to the step before ("generate_by_q").
    case forward
  }

  package var variance: Variance
  package var process: Process
  package var seed: UInt64
  /// Sequences drawn from different noise; taken into 1…4095.
  package var candidates: Int

  package init(
    variance: Variance = .reference, process: Process = .posterior, seed: UInt64 = 0, candidates: Int = 1
  ) {
    self.variance = variance
    self.process = process
    self.seed = seed
    self.candidates = candidates
  }
}

/// A sequence that SeqDiffuSeq drew.
package struct DrawnSequence: Sendable, Equatable {
  /// One a position, <pad> included.
  package let tokens: [Int32]
  /// The softmax's probability of each.
  package let probabilities: [Float]
}
