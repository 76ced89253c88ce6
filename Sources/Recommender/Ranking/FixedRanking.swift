// SPDX-License-Identifier: Apache-2.0
/// The ranking of a model file that has no learned one: a formula that was not fitted to anything.
///
/// With e = Σ s⁴ of the neighbours that carry the hashtag, t the share of corpus tweets with the word that carry the
/// hashtag (0 where it does not stand in the text) and g the generator's mean probability (0 where it did not write it):
/// evidence = e + 2 t + g/2, score = evidence / (1 + evidence). In [0, 1), ascending in each of the three.
enum FixedRanking {
  static func score(_ features: FeatureVector) -> Double {
    let evidence =
      max(0, features[.similaritySum]) + 2 * features[.inText] * features[.taggedRate]
      + 0.5 * features[.generatedMean]
    return evidence / (1 + evidence)
  }
}

/// How candidates are scored; see ``RankingMethod``.
package enum Ranking: Equatable, Sendable {
  case learned(RankingModel)
  case fixed
  case right
  case generated

  /// A candidate's place and what is shown of it.
  package struct Score: Equatable, Sendable {
    /// Orders candidates. Finer than the probability, since a calibration may map different scores to the same one.
    package var order: Double
    /// In [0, 1].
    package var probability: Double
  }

  /// Whether scores are the probabilities that a person would use the hashtag.
  var isCalibrated: Bool {
    if case .learned = self { true } else { false }
  }

  /// Nil for a candidate that has no place in this ranking.
  package func score(_ candidate: Candidate) -> Score? {
    let features = candidate.features
    switch self {
    case .learned(let model):
      let raw = model.rawScore(features)
      return Score(order: raw, probability: model.probability(of: raw))
    case .fixed:
      let score = FixedRanking.score(features)
      return Score(order: score, probability: score)
    case .right:
      guard features[.retrievedCount] > 0 else { return nil }
      let score = features[.right]
      return Score(order: score, probability: max(0, score) / (1 + max(0, score)))
    case .generated:
      guard let place = candidate.writtenPlace else { return nil }
      return Score(order: -Double(place), probability: features[.generatedMean])
    }
  }
}
