// SPDX-License-Identifier: Apache-2.0
/// How a sequence is drawn.
package struct SamplingOptions: Sendable, Equatable {
  package enum Sampler: String, CaseIterable, Sendable {
    /// Deterministic after the first noise (Song et al., DDIM, eta 0).
    case ddim
    /// DPM-Solver++(2M) (Lu et al.): deterministic too, second order in the log signal-to-noise ratio.
    case dpm
    /// Draws from the posterior of every visited step (ASSIGNER Eq. 9); all T steps are the full process.
    case ancestral
    /// Noises every prediction anew (SeqDiffuSeq's generate_by_q).
    case renoise
  }

  package var sampler: Sampler
  /// Visited steps; taken into 1…T.
  package var steps: Int
  /// What all noise is multiplied by: 1 draws from the model's distribution, 0 seeks its mode. Taken into 0…1.
  package var temperature: Float
  package var seed: UInt64
  /// Sequences drawn from different noise by `Generator.candidates`; taken into 1…4095.
  package var candidates: Int
  /// What is taken of them; `Generator.candidates` gives them all.
  package var choice: CandidateChoice
  /// For SeqDiffuSeq's process alone.
  package var variance: SeqDiffuSeqOptions.Variance
  /// Stop when two steps running round to the same tokens.
  package var earlyStop: Bool
  /// Go on from the embedding of the nearest piece instead of the prediction itself (the clamping trick of Li et al.,
  /// Diffusion-LM). Few steps leave no room to correct a prediction that lies between pieces.
  package var clamp: Bool
  /// Give the network its last prediction; without, it sees zeros in every step as in the first.
  package var selfConditioning = true
  /// Let the causal pass correct the rounded pieces (ASSIGNER Eq. 14); without, they and their probabilities are those of
  /// rounding (Eq. 13).
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

/// One drawn sequence.
package struct GeneratedSequence: Sendable, Equatable {
  /// The pieces after the final pass's correction, one a position; those of `rounded` where there was no final pass.
  package let tokens: [Int32]
  /// The probability of each of them by the final pass (ASSIGNER Eq. 14), or by rounding.
  package let probabilities: [Float]
  /// The pieces that the diffusion itself rounded to (Eq. 13).
  package let rounded: [Int32]
  /// Denoising steps taken; fewer than asked for after an early stop.
  package let stepsTaken: Int
}
