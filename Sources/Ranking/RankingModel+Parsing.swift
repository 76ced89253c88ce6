// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension RankingModel {
  private static let maximumNodes = 1 << 20

  /// Parses and checks a ranking. Converter and runtime share this parser, so that they accept the same files:
  ///
  ///     {"features": [names], "base": b, "trees": [{"feature", "threshold", "left", "right", "value"}, …],
  ///      "calibration": {"x", "y"}, "topic": {"weights", "bias"},
  ///      "silence": {"bias", "expected", "topic", "nearest"}}
  ///
  /// The members of a tree are arrays over its nodes. Node 0 is the root, and a leaf has the feature -1. Without
  /// "calibration" the probability is the sigmoid of the sum; without "topic" that feature is 0; without "silence" no answer is
  /// empty.
  ///
  /// - Throws: ``RankingError``, which names the place and the rule: a feature is unknown or repeated, arrays differ in
  ///   length, a child does not come after its parent, or the calibration does not rise within 0...1. These checks guarantee that
  ///   every walk ends and stays within the arrays.
  package init(json: JSONValue) throws(RankingError) {
    do {
      let inputs = try Self.features(json)
      var roots: [Int] = []
      var nodes: [Node] = []
      for (number, tree) in try json.array("trees").enumerated() {
        roots.append(nodes.count)
        do {
          try Self.append(tree, features: inputs.count, to: &nodes)
        } catch let error as RankingError {
          throw RankingError("trees.\(number): \(error)")
        } catch let error as JSONError {
          throw RankingError("trees.\(number).\(error)")
        }
      }
      self.init(
        inputs: inputs, base: try json.number("base"), roots: roots, nodes: nodes,
        calibration: try Calibration(json: json["calibration"]), topic: try TopicModel(json: json["topic"]),
        silence: try Silence(json: json["silence"]))
    } catch let error as RankingError {
      throw error
    } catch {
      throw RankingError("\(error)")
    }
  }

  /// For each feature of the trees, its index in a ``FeatureVector``.
  private static func features(_ json: JSONValue) throws -> [Int] {
    let names = try json.strings("features")
    guard !names.isEmpty else { throw RankingError("features: is empty; name at least one") }
    var inputs: [Int] = []
    for name in names {
      guard let feature = Feature(rawValue: name) else {
        throw RankingError("features: this program does not know the feature \"\(name)\"")
      }
      if inputs.contains(feature.index) { throw RankingError("features: names \"\(name)\" twice") }
      inputs.append(feature.index)
    }
    return inputs
  }

  private static func append(_ tree: JSONValue, features: Int, to nodes: inout [Node]) throws {
    let feature = try tree.integers("feature")
    let threshold = try tree.numbers("threshold")
    let left = try tree.integers("left")
    let right = try tree.integers("right")
    let value = try tree.numbers("value")
    let count = feature.count
    guard count > 0, [threshold.count, left.count, right.count, value.count].allSatisfy({ $0 == count }) else {
      throw RankingError("its arrays are empty or differ in length")
    }
    guard nodes.count + count <= maximumNodes else {
      throw RankingError("all trees together have more than \(maximumNodes) nodes")
    }
    let offset = nodes.count
    for node in 0..<count {
      if feature[node] == -1 {
        nodes.append(Node(feature: -1, left: 0, right: 0, number: value[node]))
        continue
      }
      guard (0..<features).contains(feature[node]) else {
        throw RankingError("node \(node) uses feature \(feature[node]), outside 0..<\(features)")
      }
      for child in [left[node], right[node]] {
        guard child < count else { throw RankingError("node \(node) leads to node \(child), outside 0..<\(count)") }
        guard child > node else { throw RankingError("node \(node) has the child \(child), which must come after it") }
      }
      nodes.append(
        Node(
          feature: Int32(feature[node]), left: Int32(offset + left[node]), right: Int32(offset + right[node]),
          number: threshold[node]))
    }
  }
}

extension Calibration {
  /// The identity if `json` is nil.
  init(json: JSONValue?) throws {
    guard let json, json != .null else {
      self = .identity
      return
    }
    do {
      self.init(x: try json.numbers("x"), y: try json.numbers("y"))
    } catch {
      throw RankingError("calibration.\(error)")
    }
    guard !x.isEmpty, x.count == y.count else {
      throw RankingError("calibration: x has \(x.count) and y \(y.count) numbers; both need the same, and at least 1")
    }
    for (name, values) in [("x", x), ("y", y)] {
      guard let place = zip(values, values.dropFirst()).map({ $0 <= $1 }).firstIndex(of: false) else { continue }
      throw RankingError("calibration.\(name).\(place + 1): is less than the number before it")
    }
    if let place = y.firstIndex(where: { !(0...1).contains($0) }) {
      throw RankingError("calibration.y.\(place): is \(y[place]), outside 0...1")
    }
  }
}

/// A ranking is invalid: the place in its JSON and the rule that it breaks.
package struct RankingError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
