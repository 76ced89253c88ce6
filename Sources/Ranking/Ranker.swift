// SPDX-License-Identifier: Apache-2.0
/// Scores candidates; see ``RankingMethod``.
package enum Ranker: Equatable, Sendable {
  case learned(RankingModel)
  /// A learned ranking that does not know the stream, or the event card, joined with what these say; see ``StreamRanking`` and
  /// ``EventRanking``.
  case joined(RankingModel, stream: Bool, event: Bool)
  case fixed
  case rightScore
  case generated

  /// A candidate's score.
  package struct Score: Equatable, Sendable {
    /// Orders candidates. Finer than the probability, because calibration may map different scores to the same probability.
    package var order: Double
    /// In [0, 1].
    package var probability: Double
  }

  /// Whether scores are probabilities that a person would use the hashtag.
  package var isCalibrated: Bool {
    switch self {
    case .learned, .joined: true
    case .fixed, .rightScore, .generated: false
    }
  }

  /// The score of a candidate, or nil if this ranking leaves it out.
  ///
  /// - Parameter writtenPlace: the candidate's position in the generator's output over all sequences; nil if not generated.
  package func score(_ features: FeatureVector, writtenPlace: Int?) -> Score? {
    switch self {
    case .learned(let model):
      let raw = model.rawScore(features)
      return Score(order: raw, probability: model.probability(of: raw))
    case .joined(let model, let stream, let event):
      var score = model.probability(of: model.rawScore(features))
      if event { score = EventRanking.join(score, features) }
      if stream { score = StreamRanking.join(score, features) }
      return Score(order: score, probability: score)
    case .fixed:
      let score = StreamRanking.join(EventRanking.join(FixedRanking.score(features), features), features)
      return Score(order: score, probability: score)
    case .rightScore:
      guard features[.retrievedCount] > 0 else { return nil }
      let score = features[.rightScore]
      return Score(order: score, probability: max(0, score) / (1 + max(0, score)))
    case .generated:
      guard let writtenPlace else { return nil }
      return Score(order: -Double(writtenPlace), probability: features[.generatedMean])
    }
  }
}
