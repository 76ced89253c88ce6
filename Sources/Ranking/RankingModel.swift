// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Boosted trees over named features, then a calibration: maps a candidate's features to the probability that a person would use
/// the hashtag. It is stored in the section ``ModelLayout/ranking`` of a model file.
package struct RankingModel: Equatable, Sendable {
  /// A node of a tree. All trees share one array. A leaf has the feature -1.
  struct Node: Equatable, Sendable {
    var feature: Int32
    /// Indices of the children in the shared array. They are greater than the node's own index, so every walk ends.
    var left: Int32
    var right: Int32
    /// The threshold, or the value of a leaf. A node takes 24 bytes, so that more of them stay in the nearer caches.
    var number: Double
  }

  /// For each feature of the model, its index in a ``FeatureVector``.
  let inputs: [Int]
  let base: Double
  let roots: [Int]
  let nodes: [Node]
  let calibration: Calibration
  /// Measures ``Feature/topic``; nil if the ranking does not know it.
  package let topic: TopicModel?
  /// Tells when an answer is empty; nil if none is.
  package let silence: Silence?

  /// Whether it was fitted on features of the generator. If not, what the generator writes cannot change an answer.
  package var knowsGenerator: Bool { Feature.ofGenerator.contains { inputs.contains($0.index) } }
  /// Whether it was fitted on features of a stream.
  package var knowsStream: Bool { Feature.ofStream.contains { inputs.contains($0.index) } }

  /// Whether it was fitted on features of replies.
  package var knowsReplies: Bool { [Feature.replied, .repliedTyped].contains { inputs.contains($0.index) } }

  /// Whether it was fitted on features of event cards.
  package var knowsEvents: Bool { [Feature.event, .eventCovered].contains { inputs.contains($0.index) } }

  /// The score before calibration: base + Σ leaf values. A node goes left if feature <= threshold.
  ///
  /// Complexity: O(trees × depth).
  package func rawScore(_ features: FeatureVector) -> Double { rawScores([features])[0] }

  /// The scores of several candidates. One tree after the other takes all of them, so that its nodes stay in the nearest cache;
  /// each score is summed in the order of the trees, as alone.
  package func rawScores(_ features: [FeatureVector]) -> [Double] {
    let width = inputs.count
    var values: [Double] = []
    values.reserveCapacity(features.count * width)
    for vector in features { for input in inputs { values.append(vector.values[input]) } }
    var scores = [Double](repeating: base, count: features.count)
    // Children and features were checked when the ranking was read.
    values.withUnsafeBufferPointer { values in
      nodes.withUnsafeBufferPointer { nodes in
        scores.withUnsafeMutableBufferPointer { scores in
          for root in roots {
            for candidate in scores.indices {
              var node = nodes[root]
              while node.feature >= 0 {
                let goesLeft = values[candidate * width + Int(node.feature)] <= node.number
                node = nodes[Int(goesLeft ? node.left : node.right)]
              }
              scores[candidate] += node.number
            }
          }
        }
      }
    }
    return scores
  }

  /// The calibrated probability, in [0, 1], of a raw score.
  package func probability(of rawScore: Double) -> Double {
    calibration.apply(to: Sigmoid.apply(to: rawScore))
  }
}

/// A piecewise-linear map from scores to probabilities, constant beyond its ends.
struct Calibration: Equatable, Sendable {
  /// Ascending scores. `y` has as many values.
  let x: [Double]
  let y: [Double]

  static let identity = Calibration(x: [0, 1], y: [0, 1])

  func apply(to value: Double) -> Double {
    guard let first = x.first, let last = x.last, let low = y.first, let high = y.last else { return value }
    if value <= first { return min(1, max(0, low)) }
    if value >= last { return min(1, max(0, high)) }
    var (below, above) = (0, x.count - 1)
    while above - below > 1 {
      let middle = (below + above) / 2
      if x[middle] <= value { below = middle } else { above = middle }
    }
    let part = (value - x[below]) / (x[above] - x[below])
    return min(1, max(0, y[below] + part * (y[above] - y[below])))
  }
}

/// The logistic function. It does not use the C library's exp, which may round differently from machine to machine.
enum Sigmoid {
  static func apply(to value: Double) -> Double {
    guard abs(value) < 700 else { return value > 0 ? 1 : 0 }
    let size = DeterministicMath.exp(-abs(value))
    return value >= 0 ? 1 / (1 + size) : size / (1 + size)
  }
}
