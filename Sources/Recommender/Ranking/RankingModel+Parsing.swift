// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension RankingModel {
  private static let maximumNodes = 1 << 20

  /// Reads the ranking of a model file:
  /// `{"features": [names], "base": b, "trees": [{"feature", "threshold", "left", "right", "value"}…],
  /// "calibration": {"x", "y"}}`, a tree's members being arrays over its nodes, node 0 its root.
  ///
  /// - Throws: ``RankingError`` where a name is unknown, arrays differ in length, a child does not lie behind its
  ///   parent, or the calibration does not ascend. Nothing of the file can make a walk endless or leave an array.
  package init(json: JSONValue) throws(RankingError) {
    do {
      let names = try json.strings("features")
      var inputs: [Int] = []
      for name in names {
        guard let feature = Feature(rawValue: name) else {
          throw RankingError("features: this program does not know the feature \"\(name)\"")
        }
        inputs.append(feature.index)
      }
      var roots: [Int] = []
      var nodes: [Node] = []
      for (number, tree) in try json.array("trees").enumerated() {
        roots.append(nodes.count)
        try Self.append(tree, name: "trees.\(number)", features: inputs.count, to: &nodes)
      }
      self.init(
        inputs: inputs, base: try json.number("base"), roots: roots, nodes: nodes,
        calibration: try Calibration(json: json["calibration"]))
    } catch let error as RankingError {
      throw error
    } catch {
      throw RankingError("\(error)")
    }
  }

  private static func append(_ tree: JSONValue, name: String, features: Int, to nodes: inout [Node]) throws {
    let feature = try tree.integers("feature")
    let threshold = try tree.numbers("threshold")
    let left = try tree.integers("left")
    let right = try tree.integers("right")
    let value = try tree.numbers("value")
    let count = feature.count
    guard count > 0, [threshold.count, left.count, right.count, value.count].allSatisfy({ $0 == count }) else {
      throw RankingError("\(name): its arrays are empty or differ in length")
    }
    guard nodes.count + count <= maximumNodes else { throw RankingError("\(name): too many nodes") }
    let offset = nodes.count
    for node in 0..<count {
      if feature[node] >= 0 {
        guard feature[node] < features else { throw RankingError("\(name): node \(node) asks for a feature that is not there") }
        for child in [left[node], right[node]] where child <= node || child >= count {
          throw RankingError("\(name): node \(node) has the child \(child), which does not lie behind it")
        }
        nodes.append(
          Node(
            feature: feature[node], threshold: threshold[node], left: offset + left[node], right: offset + right[node],
            value: 0))
      } else {
        nodes.append(Node(feature: -1, threshold: 0, left: 0, right: 0, value: value[node]))
      }
    }
  }
}

extension Calibration {
  init(json: JSONValue?) throws {
    guard let json, json != .null else {
      self = .identity
      return
    }
    let (x, y) = (try json.numbers("x"), try json.numbers("y"))
    guard x.count == y.count, !x.isEmpty else {
      throw RankingError("calibration: x and y need the same number of values, at least 1")
    }
    guard zip(x, x.dropFirst()).allSatisfy(<=) else { throw RankingError("calibration: x does not ascend") }
    self.init(x: x, y: y)
  }
}

/// What is wrong with the ranking of a model file.
package struct RankingError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
