// SPDX-License-Identifier: Apache-2.0
/// The options of greedy and beam search.
///
/// Names and meanings are those of `generate` in Hugging Face transformers 5; lengths count the start token.
package struct BeamOptions: Sendable, Equatable {
  /// When a search with two or more beams stops before the longest length.
  package enum EarlyStopping: String, CaseIterable, Sendable {
    /// As soon as there are as many finished sequences as beams (`early_stopping=True`).
    case whenFull
    /// When the best running sequence, at its present length, scores below the worst finished one (`False`). This is a heuristic:
    /// with a positive length penalty, a longer sequence could still score higher.
    case whenBehind
    /// When no running sequence can reach the worst finished one at any length (`"never"`).
    case never
  }

  /// Beam width, 1 to 20; 1 is greedy search.
  package var beams: Int
  /// Sequences returned, best first; at most `beams`.
  package var sequences: Int
  /// The most tokens of a sequence. The network's own limit applies, too, plus one for the last token, which it does not read.
  package var maximumLength: Int
  /// No end token before this many tokens.
  package var minimumLength: Int
  /// A finished sequence of n tokens (without the start token) scores Σ log p / n^lengthPenalty: above 0 favours long ones.
  package var lengthPenalty: Double
  package var earlyStopping: EarlyStopping
  /// No n-gram of this length occurs twice in a sequence, the start token included; 0 allows all repetitions.
  package var noRepeat: Int

  package init(
    beams: Int = 1, sequences: Int = 1, maximumLength: Int = 20, minimumLength: Int = 0, lengthPenalty: Double = 1,
    earlyStopping: EarlyStopping = .whenBehind, noRepeat: Int = 0
  ) {
    self.beams = beams
    self.sequences = sequences
    self.maximumLength = maximumLength
    self.minimumLength = minimumLength
    self.lengthPenalty = lengthPenalty
    self.earlyStopping = earlyStopping
    self.noRepeat = noRepeat
  }

  package static let beamRange = 1...20

  /// These options with every value clamped to its range, for a network that reads at most `steps` tokens.
  func clamped(steps: Int) -> BeamOptions {
    var options = self
    options.beams = min(max(beams, Self.beamRange.lowerBound), Self.beamRange.upperBound)
    options.sequences = min(max(sequences, 1), options.beams)
    options.maximumLength = min(max(maximumLength, 2), max(steps, 1) + 1)
    options.lengthPenalty = lengthPenalty.isFinite ? min(max(lengthPenalty, -16), 16) : 1
    options.noRepeat = max(noRepeat, 0)
    return options
  }

  /// The number of tokens that the network reads: all but the last. A cache must hold this many.
  package func steps(atMost limit: Int) -> Int { clamped(steps: limit).maximumLength - 1 }

  /// The beam width after clamping.
  package var width: Int { min(max(beams, Self.beamRange.lowerBound), Self.beamRange.upperBound) }
}

/// The tokens with a special meaning in a search. All must be in the vocabulary.
package struct ControlTokens: Sendable, Equatable {
  /// The first token of every sequence.
  package var start: Int32
  /// The token that ends a sequence.
  package var end: Int32
  /// The first token after the start, if the network was trained with one (`forced_bos_token_id`).
  package var forcedFirst: Int32?
  /// The last token of a sequence that reaches the maximum length (`forced_eos_token_id`).
  package var forcedLast: Int32?

  package init(start: Int32, end: Int32, forcedFirst: Int32? = nil, forcedLast: Int32? = nil) {
    self.start = start
    self.end = end
    self.forcedFirst = forcedFirst
    self.forcedLast = forcedLast
  }
}

/// One sequence that a search found.
package struct DecodedSequence: Sendable, Equatable {
  /// The tokens without the start token. The last one is the end token, unless the maximum length cut the sequence.
  package let tokens: [Int32]
  /// Σ log p / n^lengthPenalty over the n tokens.
  package let score: Float
  /// The log-probability of each token given those before it; 0 for a forced token.
  package let logProbabilities: [Float]
}
