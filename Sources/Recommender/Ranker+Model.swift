// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Ranking

extension Ranker {
  /// The ranker that the options name; the model's own one if they name the learned ranking.
  ///
  /// - Parameter embeddingSize: d, the size of the encoders' embeddings; nil to leave it unchecked.
  /// - Throws: `ContainerError` if the model's ranking is damaged or was fitted for embeddings of another size.
  init(model: ContainerFile, options: RecommenderOptions, embeddingSize: Int? = nil) throws(ContainerError) {
    switch options.ranking {
    case .fixed: self = .fixed
    case .rightScore: self = .rightScore
    case .generated: self = .generated
    case .learned:
      guard let ranking = try RankingModel(of: model) else {
        self = .fixed
        return
      }
      if let embeddingSize, let topic = ranking.topic, topic.weights.count != embeddingSize {
        let rule = "topic.weights: has \(topic.weights.count) numbers; embeddings of this model have \(embeddingSize)"
        throw model.failure(.value(rule), section: ModelLayout.ranking)
      }
      let (stream, event) = (options.learns && !ranking.knowsStream, options.event != nil && !ranking.knowsEvents)
      self = stream || event ? .joined(ranking, stream: stream, event: event) : .learned(ranking)
    }
  }
}

extension RankingModel {
  /// The learned ranking of a model file; nil if it has none.
  fileprivate init?(of model: ContainerFile) throws(ContainerError) {
    let section = ModelLayout.ranking
    guard model.contains(section) else { return nil }
    let json = try model.json(section)
    do {
      try self.init(json: json)
    } catch {
      throw model.failure(.value("\(error)"), section: section)
    }
  }
}

extension RecommenderOptions {
  /// These options, without the generator if nobody asked for it and the ranking does not know it: then what the generator
  /// writes cannot change an answer.
  func resolved(for ranker: Ranker) -> RecommenderOptions {
    var options = self
    if options.generation.method == nil, !ranker.knowsGenerator { options.generation.method = .off }
    return options
  }
}
