// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion

/// How hashtags are generated.
package enum GenerationMethod: String, CaseIterable, Sendable {
  /// All positions at once, from noise, in a few denoising steps (ASSIGNER).
  case diffusion
  /// Piece by piece, by greedy or beam search (RIGHT; ASSIGNER's "without diffusion").
  case autoregressive = "ar"
  /// Word by word, by beam search, from the post and its conversation apart (Microblog Hashtag Generation).
  case biAttention = "bi-attention"
  /// The method that the network was trained for.
  case auto
  /// No generation: an answer then costs one pass of each encoder.
  case off = "none"
}

/// How a generator runs.
package struct GenerationOptions: Sendable {
  /// Nil for the method that the network was trained for. A recommender whose ranking does not know the generator takes nil as
  /// `off`.
  package var method: GenerationMethod?
  /// For diffusion. A search also returns at most `candidates` sequences, and no more than it has beams.
  package var sampling = SamplingOptions()
  /// For a search: the number of beams, and the exponent of the length by which scores are divided. Nil for the network's own
  /// value.
  package var beams: Int?
  package var lengthPenalty: Double?

  package init(method: GenerationMethod? = nil, sampling: SamplingOptions = SamplingOptions()) {
    self.method = method == .auto ? nil : method
    self.sampling = sampling
  }

  /// The network's own search options, with these options applied.
  package func search(_ defaults: BeamOptions) -> BeamOptions {
    var search = defaults
    search.beams = beams ?? search.beams
    search.lengthPenalty = lengthPenalty ?? search.lengthPenalty
    search.sequences = sampling.candidates
    return search
  }
}
