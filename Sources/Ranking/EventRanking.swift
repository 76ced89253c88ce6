// SPDX-License-Identifier: Apache-2.0
/// What a ranking that was fitted without event cards is joined with, where there is a card: constants that were chosen by hand. A
/// ranking fitted on the card's features takes its place.
///
/// With e the place of a hashtag in the card's expectations (1 for the first, 1/2 for the second, …) and c the share of it that words
/// of the tweet make up: evidence = e (0.35 + 0.3 c), and the score is 1 - (1 - p) (1 - evidence), p being the score without the card.
enum EventRanking {
  static func join(_ score: Double, _ features: FeatureVector) -> Double {
    let evidence = features[.event] * (0.35 + 0.3 * features[.covered])
    return evidence > 0 ? 1 - (1 - score) * (1 - min(1, evidence)) : score
  }
}
