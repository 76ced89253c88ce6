// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// The generator of the reference implementation: a model of kind "seqdiffuseq" (Yuan et al., SeqDiffuSeq, 2022; ASSIGNER's
/// published code is the same).
///
/// The network is `Generator`'s with an additional layer norm and without the final pass: tokens have the highest score
/// E x_0 + b. Sampling is the full process over all T steps (`SeqDiffuSeq+Sampling.swift`). How ASSIGNER's training adds the
/// vectors of retrieved hashtags is not published, so the source is only the tweet: <s> tweet </s>.
package struct SeqDiffuSeq: Sendable {
  package let network: Generator
  package let posterior: PosteriorTable

  /// - Throws: `ContainerError`, which names the missing or invalid tensor or hyper-parameter.
  package init(file: ContainerFile, products: FloatProducts = .kernels) throws(ContainerError) {
    network = try Generator(file: file, products: products)
    posterior = try PosteriorTable(
      file: file, steps: network.configuration.timesteps, positions: network.configuration.positions)
  }

  package var configuration: DiffusionConfiguration { network.configuration }
  /// Longest source, special tokens included.
  package var maximumTokens: Int { network.maximumTokens }

  /// The source's tokens as in training: <s> tweet </s>. Truncating a long tweet also removes </s>.
  package func source(_ tweet: [Int32]) -> [Int32] {
    Array(([configuration.bos] + tweet + [configuration.eos]).prefix(maximumTokens))
  }

  /// The pieces of a generated sequence without <s>, <pad> and </s>.
  package func text(_ tokens: [Int32]) -> [Int32] {
    tokens.filter { ![configuration.bos, configuration.pad, configuration.eos].contains($0) }
  }

  /// Generates `options.candidates` sequences from different noise. The source is encoded once.
  ///
  /// - Parameters:
  ///   - source: token numbers; see `source(_:)`.
  ///   - noiseKey: the key of the noise, together with the seed.
  /// - Throws: `TensorError` if the source is too long or has tokens outside the vocabulary.
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

  /// Arena bytes that any call needs. The network's own loop with its final pass needs more than this loop's five matrices and
  /// scores.
  package var scratch: Int { network.scratch }
}

/// How SeqDiffuSeq's sequences are sampled.
package struct SeqDiffuSeqOptions: Sendable, Equatable {
  /// The standard deviation of a step's noise.
  package enum Variance: String, CaseIterable, Sendable {
    /// As in the reference implementation and its published results: one element of its flattened table for all positions. After
    /// the first step there is almost no noise, so seeds differ little.
    case reference
    /// The posterior's deviation for each position.
    case corrected
  }

  /// How a prediction leads to the next step.
  package enum Process: Sendable, Equatable {
    /// Samples from the posterior.
    case posterior
    /// Adds fresh noise to the prediction, for the step before ("generate_by_q").
    case forward
  }

  package var variance: Variance
  package var process: Process
  package var seed: UInt64
  /// Number of sequences from different noise, clamped to 1…4095.
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

/// A sequence that SeqDiffuSeq generated.
package struct DrawnSequence: Sendable, Equatable {
  /// One token a position, <pad> included.
  package let tokens: [Int32]
  /// The softmax probability of each token.
  package let probabilities: [Float]
}
