// SPDX-License-Identifier: Apache-2.0
/// What a ranking that was fitted without streams is joined with, where the program learns: what the stream alone lets expect,
/// by constants that were chosen by hand. A ranking fitted on the stream's features takes its place.
///
/// With s the larger of the decayed shares, n the share among the live tweets nearest by embedding, w the share among those
/// nearest by words and t the best share beside a word of the tweet: evidence = 0.3 s + 0.3 n + 0.25 w + 0.15 t, and the
/// score is 1 - (1 - p) (1 - 0.9 × evidence), p being the score without the stream.
package enum StreamRanking {
  static func join(_ score: Double, _ features: FeatureVector) -> Double {
    let evidence = evidence(
      share: max(features[.streamShare], features[.streamRecentShare]), neighbours: features[.streamNeighbourShare],
      words: features[.streamWordShare], together: features[.streamTogether])
    return evidence > 0 ? 1 - (1 - score) * (1 - 0.9 * min(1, evidence)) : score
  }

  /// What the stream alone says for a hashtag, about 0 to 1.
  package static func evidence(share: Double, neighbours: Double, words: Double, together: Double) -> Double {
    0.3 * share + 0.3 * neighbours + 0.25 * words + 0.15 * together
  }
}
