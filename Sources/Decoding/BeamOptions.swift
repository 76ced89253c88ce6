// SPDX-License-Identifier: Apache-2.0
/// How a sequence is looked for. Names and meanings are those of `generate` in Hugging Face transformers 5; lengths count
/// the start token.
package struct BeamOptions: Sendable, Equatable {
  /// When a search with two or more beams stops before the longest length.
  package enum EarlyStopping: String, CaseIterable, Sendable {
    /// As soon as there are as many finished sequences as beams (`early_stopping=True`).
    case whenFull
    /// When the best running sequence, at its present length, scores below the worst finished one (`False`). A heuristic:
    /// a longer one could still score higher where the length penalty is positive.
    case whenBehind
    /// When no running sequence can reach the worst finished one at any length (`"never"`).
    case never
  }

  /// Sequences followed at once, 1 to 20; 1 is greedy search.
  package var beams: Int
  /// Sequences returned, best first; at most `beams`.
  package var sequences: Int
  /// At most this many tokens; also at most what the network takes, plus the one that it does not read back.
  package var maximumLength: Int
  /// No end token before this many tokens.
  package var minimumLength: Int
  /// A finished sequence of n tokens (without the start token) scores Σ log p / n^lengthPenalty: above 0 favours long ones.
  package var lengthPenalty: Double
  package var earlyStopping: EarlyStopping
  /// No run of this many tokens stands twice in a sequence, the start token included; 0 allows everything.
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

  /// With every value taken into its range, for a network that reads `steps` tokens.
  func clamped(steps: Int) -> BeamOptions {
    var options = self
    options.beams = min(max(beams, Self.beamRange.lowerBound), Self.beamRange.upperBound)
    options.sequences = min(max(sequences, 1), options.beams)
    options.maximumLength = min(max(maximumLength, 2), max(steps, 1) + 1)
    options.lengthPenalty = lengthPenalty.isFinite ? min(max(lengthPenalty, -16), 16) : 1
    options.noRepeat = max(noRepeat, 0)
    return options
  }

  /// Tokens that are read back: all but the last. What a cache must hold.
  package func steps(atMost limit: Int) -> Int { clamped(steps: limit).maximumLength - 1 }

  /// Beams after clamping.
  package var width: Int { min(max(beams, Self.beamRange.lowerBound), Self.beamRange.upperBound) }
}

/// The tokens that mean something to a search; all within the vocabulary.
package struct ControlTokens: Sendable, Equatable {
  /// What every sequence begins with.
  package var start: Int32
  /// What ends one.
  package var end: Int32
  /// The first token after the start, where the network was trained so (`forced_bos_token_id`).
  package var forcedFirst: Int32?
  /// The last token of a sequence that reaches the longest length (`forced_eos_token_id`).
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
  /// Without the start token; the last is the end token, unless the longest length cut the sequence.
  package let tokens: [Int32]
  /// Σ log p / n^lengthPenalty over the n tokens.
  package let score: Float
  /// Each token's log p given those before it; 0 for a forced one.
  package let logProbabilities: [Float]
}
