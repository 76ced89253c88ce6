// SPDX-License-Identifier: Apache-2.0
/// What a ranking that was fitted without conversations is joined with, where a candidate stands in replies: constants that were chosen
/// by hand. A ranking fitted on the replies' features takes its place.
///
/// With r the share of the replies that contain a hashtag, g the share of corpus tweets with this word that carry it as a hashtag
/// (small for "in"), and t the share of the replies that contain it as a hashtag: evidence = 0.2 r g + 0.6 t, and the score is
/// 1 - (1 - p) (1 - evidence), p being the score without the replies.
enum ConversationRanking {
  static func join(_ score: Double, _ features: FeatureVector) -> Double {
    let evidence = 0.2 * features[.replied] * features[.taggedRate] + 0.6 * features[.repliedTyped]
    return evidence > 0 ? 1 - (1 - score) * (1 - min(1, evidence)) : score
  }
}
