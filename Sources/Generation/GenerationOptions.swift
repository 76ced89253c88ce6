// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion

/// How hashtags are generated.
package enum GenerationMethod: String, CaseIterable, Sendable {
  /// All positions at once, from noise, in a few denoising steps (ASSIGNER).
  case diffusion
  /// Piece by piece, by greedy or beam search (RIGHT; ASSIGNER's "without diffusion").
  case autoregressive = "ar"
  /// Not at all: an answer then costs one encoder pass per network.
  case off = "none"
}

/// What a generator is asked for.
package struct GenerationOptions: Sendable {
  /// Nil for the method that the network was trained for.
  package var method: GenerationMethod?
  /// For diffusion; its `candidates` are the sequences that a search returns, too, as far as it has so many beams.
  package var sampling = SamplingOptions()
  /// For a search: sequences followed at once, and the power of the length that scores are divided by; nil for the
  /// network's own.
  package var beams: Int?
  package var lengthPenalty: Double?

  package init(method: GenerationMethod? = nil, sampling: SamplingOptions = SamplingOptions()) {
    self.method = method
    self.sampling = sampling
  }

  /// The options of a search, where they differ from the network's own.
  package func search(_ defaults: BeamOptions) -> BeamOptions {
    var search = defaults
    search.beams = beams ?? search.beams
    search.lengthPenalty = lengthPenalty ?? search.lengthPenalty
    search.sequences = sampling.candidates
    return search
  }
}
