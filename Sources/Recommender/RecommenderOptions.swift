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
  case none
}

/// How a tweet goes its way.
package struct RecommenderOptions: Sendable {
  /// k, the hashtags recommended at most where the line does not say.
  package var count = 5
  package var retriever = Retriever.dense
  /// N, the tweets retrieved; 0 for none.
  package var neighbours = 30
  /// Whether the selector compares the tweet with hashtags; without it r(d_q, h) is 0.
  package var selector = true
  /// p, the retrieved hashtags that the generator is told.
  package var hints = 5
  /// How the generator writes; nil for the way its network was trained for.
  package var generation: GenerationMethod?
  /// For diffusion; its `candidates` are the sequences that a search returns, too, as far as it has so many beams.
  package var sampling = SamplingOptions()
  /// For a search: sequences followed at once, and the power of the length that scores are divided by; nil for the
  /// network's own.
  package var beams: Int?
  package var lengthPenalty: Double?
  package var ranking = RankingMethod.learned
  /// Hashtags with a lower score are not recommended. Nil: with a learned ranking, whose scores are probabilities, as many
  /// are recommended as let expect the largest F1; with another one all.
  package var threshold: Double?
  package var filter = HashtagFilter()
  /// The time that an answer may take: steps and candidates are then the most that the generator does, and it does less, or
  /// nothing, where they would take longer. Answers then depend on the speed of the machine.
  package var budget: Duration?

  package init() {}
  /// The search's options, where they differ from the network's own.
  func search(_ defaults: BeamOptions) -> BeamOptions {
    var search = defaults
    search.beams = beams ?? search.beams
    search.lengthPenalty = lengthPenalty ?? search.lengthPenalty
    search.sequences = sampling.candidates
    return search
  }
}
