// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// When an answer is empty: a linear model of three things that tell whether any hashtag fits a tweet. It is a part of the learned
/// ranking.
///
///     bias + expected × √F1 + topic × log-odds + nearest × similarity < 0
///
/// F1 is the largest expected F1 of an answer, the log-odds are those of ``TopicModel``, and the similarity is that of the nearest
/// tweet of index and stream.
package struct Silence: Equatable, Sendable {
  let bias: Double
  let expected: Double
  let topic: Double
  let nearest: Double

  /// Whether no hashtag is worth recommending.
  ///
  /// - Parameters:
  ///   - expectedF1: that of the best answer.
  ///   - features: of any candidate; the features in question are the same for all.
  package func applies(expectedF1: Double, _ features: FeatureVector) -> Bool {
    let similarity = max(features[.nearestSimilarity], features[.streamNearest])
    return bias + expected * expectedF1.squareRoot() + topic * features[.topic] + nearest * similarity < 0
  }
}

extension Silence {
  /// Nil if `json` is nil.
  init?(json: JSONValue?) throws {
    guard let json, json != .null else { return nil }
    do {
      self.init(
        bias: try json.number("bias"), expected: try json.number("expected"), topic: try json.number("topic"),
        nearest: try json.number("nearest"))
    } catch {
      throw RankingError("silence.\(error)")
    }
  }
}
