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

  private var model: RankingModel? {
    switch self {
    case .learned(let model), .joined(let model, _, _): model
    case .fixed, .rightScore, .generated: nil
    }
  }

  /// Whether scores depend on what the generator writes.
  package var knowsGenerator: Bool {
    switch self {
    case .learned(let model), .joined(let model, _, _): model.knowsGenerator
    case .fixed, .generated: true
    case .rightScore: false
    }
  }

  /// Measures ``Feature/topic``, if the ranking uses it.
  package var topic: TopicModel? { model?.topic }
  /// Tells when an answer is empty; nil if none is.
  package var silence: Silence? { model?.silence }

  /// The score of one candidate; see `scores`.
  package func score(_ features: FeatureVector, writtenPlace: Int?) -> Score? { scores([(features, writtenPlace)])[0] }

  /// The scores of candidates; nil for one that this ranking leaves out.
  ///
  /// - Parameter candidates: their features, and their positions in the generator's output over all sequences; nil if not
  ///   generated.
  package func scores(_ candidates: [(features: FeatureVector, writtenPlace: Int?)]) -> [Score?] {
    switch self {
    case .learned(let model) where !model.knowsReplies && candidates.contains { $0.features[.replied] > 0 }:
      return Self.joined(model, stream: false, event: false).scores(candidates)
    case .learned(let model):
      return model.rawScores(candidates.map(\.features)).map { Score(order: $0, probability: model.probability(of: $0)) }
    case .joined(let model, let stream, let event):
      return zip(model.rawScores(candidates.map(\.features)), candidates).map { raw, candidate in
        Self.joined(
          model.probability(of: raw), candidate.features, stream: stream, event: event, replies: !model.knowsReplies)
      }
    case .fixed:
      return candidates.map {
        Self.joined(FixedRanking.score($0.features), $0.features, stream: true, event: true, replies: true)
      }
    case .rightScore:
      return candidates.map { candidate in
        guard candidate.features[.retrievedCount] > 0 else { return nil }
        let score = candidate.features[.rightScore]
        return Score(order: score, probability: max(0, score) / (1 + max(0, score)))
      }
    case .generated:
      return candidates.map { candidate in
        candidate.writtenPlace.map { Score(order: -Double($0), probability: candidate.features[.generatedMean]) }
      }
    }
  }

  /// A score joined with what the event, the stream and the replies say.
  private static func joined(
    _ score: Double, _ features: FeatureVector, stream: Bool, event: Bool, replies: Bool
  ) -> Score {
    var score = score
    if event { score = EventRanking.join(score, features) }
    if stream { score = StreamRanking.join(score, features) }
    if replies { score = ConversationRanking.join(score, features) }
    return Score(order: score, probability: score)
  }
}
