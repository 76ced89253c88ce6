// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A linear model of a tweet's embedding: the log-odds that the tweet speaks of a disaster, against the small talk of any day.
///
/// It is a part of the learned ranking: ``Feature/topic`` tells the trees how likely it is that no hashtag fits at all.
package struct TopicModel: Equatable, Sendable {
  /// One for each component of the embedding.
  package let weights: [Double]
  package let bias: Double

  /// bias + weights · embedding. The embedding must have as many components as there are weights.
  ///
  /// Complexity: O(d). The sum has one fixed order, so it is the same everywhere.
  package func logOdds(_ embedding: [Float]) -> Double {
    var sum = bias
    for (weight, component) in zip(weights, embedding) { sum += weight * Double(component) }
    return sum
  }
}

extension TopicModel {
  /// Nil if `json` is nil.
  init?(json: JSONValue?) throws {
    guard let json, json != .null else { return nil }
    do {
      self.init(weights: try json.numbers("weights"), bias: try json.number("bias"))
    } catch {
      throw RankingError("topic.\(error)")
    }
    guard !weights.isEmpty else { throw RankingError("topic.weights: is empty; give one for each component of the embedding") }
  }
}
