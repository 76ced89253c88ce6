// SPDX-License-Identifier: Apache-2.0
/// How sequences are sampled.
package struct SamplingOptions: Sendable, Equatable {
  package enum Sampler: String, CaseIterable, Sendable {
    /// Deterministic after the initial noise (Song et al., DDIM, eta 0).
    case ddim
    /// DPM-Solver++(2M) (Lu et al.): also deterministic; second order in the log signal-to-noise ratio.
    case dpm
    /// Samples from the posterior at every visited step (ASSIGNER Eq. 9). With all T steps this is the full process.
    case ancestral
    /// Adds fresh noise to every prediction (SeqDiffuSeq's generate_by_q).
    case renoise
  }

  package var sampler: Sampler
  /// Number of visited steps, clamped to 1…T.
  package var steps: Int
  /// The factor for all noise, clamped to 0…1: 1 samples from the model's distribution, 0 seeks its mode.
  package var temperature: Float
  package var seed: UInt64
  /// Number of sequences that `Generator.candidates` generates from different noise, clamped to 1…4095.
  package var candidates: Int
  /// How an answer is chosen from the sequences. `Generator.candidates` returns all of them.
  package var choice: CandidateChoice
  /// The noise variance; only SeqDiffuSeq's process uses it.
  package var variance: SeqDiffuSeqOptions.Variance
  /// Stop when two consecutive steps round to the same tokens.
  package var earlyStop: Bool
  /// Continue from the embedding of the nearest piece instead of the prediction itself (the clamping trick of Li et al.,
  /// Diffusion-LM). A few steps are too few to correct a prediction that lies between pieces.
  package var clamp: Bool
  /// Give the network its previous prediction. Otherwise it sees zeros in every step, as in the first.
  package var selfConditioning = true
  /// Let the causal pass correct the rounded pieces (ASSIGNER Eq. 14). Otherwise pieces and probabilities come from rounding
  /// (Eq. 13).
  package var finalPass = true

  package init(
    sampler: Sampler = .ddim, steps: Int = 3, temperature: Float = 1, seed: UInt64 = 0, candidates: Int = 1,
    earlyStop: Bool = true, clamp: Bool = true, choice: CandidateChoice = .all,
    variance: SeqDiffuSeqOptions.Variance = .reference
  ) {
    self.sampler = sampler
    self.steps = steps
    self.temperature = temperature
    self.seed = seed
    self.candidates = candidates
    self.choice = choice
    self.variance = variance
    self.earlyStop = earlyStop
    self.clamp = clamp
  }
}

/// One generated sequence.
package struct GeneratedSequence: Sendable, Equatable {
  /// One piece a position, after the correction by the final pass. Without a final pass, equal to `rounded`.
  package let tokens: [Int32]
  /// The probability of each token, from the final pass (ASSIGNER Eq. 14) or from rounding.
  package let probabilities: [Float]
  /// The pieces from rounding the denoised embeddings (Eq. 13).
  package let rounded: [Int32]
  /// Number of denoising steps taken; lower than requested after an early stop.
  package let stepsTaken: Int
}
