// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The learned ranking: trees over named features, then a piecewise-linear calibration. Only its form is checked here; what
/// the features mean is the recommender's affair.
enum Ranking {
  /// The bytes of a ranking file that can be evaluated without a trap or an endless walk.
  static func checked(_ path: String) throws(ConversionError) -> [UInt8] {
    let bytes = try readFile(path)
    do {
      try check(JSONValue(parsing: bytes))
    } catch {
      throw .ranking(path: path, error.description)
    }
    return bytes
  }

  static func check(_ ranking: JSONValue) throws(JSONError) {
    let features = try ranking.strings("features")
    guard !features.isEmpty, Set(features).count == features.count else {
      throw JSONError(keyPath: "features", message: "is empty or names one twice")
    }
    _ = try ranking.number("base")
    for index in try ranking.array("trees").indices { try checkTree(ranking, "\(index)", features: features.count) }
    let x = try ranking.numbers("calibration", "x")
    let y = try ranking.numbers("calibration", "y")
    guard !x.isEmpty, x.count == y.count else {
      throw JSONError(keyPath: "calibration", message: "x has \(x.count) and y \(y.count) numbers")
    }
    guard zip(x, x.dropFirst()).allSatisfy(<=), zip(y, y.dropFirst()).allSatisfy(<=), y.allSatisfy((0...1).contains) else {
      throw JSONError(keyPath: "calibration", message: "does not rise, or leaves 0...1")
    }
  }

  private static func checkTree(_ ranking: JSONValue, _ tree: String, features: Int) throws(JSONError) {
    func fail(_ node: Int, _ what: String) -> JSONError {
      JSONError(keyPath: "trees.\(tree)", message: "node \(node) \(what)")
    }
    let feature = try ranking.integers("trees", tree, "feature")
    let left = try ranking.integers("trees", tree, "left")
    let right = try ranking.integers("trees", tree, "right")
    let thresholds = try ranking.numbers("trees", tree, "threshold")
    let values = try ranking.numbers("trees", tree, "value")
    let count = feature.count
    guard count > 0, [left.count, right.count, thresholds.count, values.count].allSatisfy({ $0 == count }) else {
      throw JSONError(keyPath: "trees.\(tree)", message: "its arrays are empty or differ in length")
    }
    // Every node is entered once at most, so that a walk down from node 0 ends.
    var entered = [Bool](repeating: false, count: count)
    var waiting = [0]
    while let node = waiting.popLast() {
      if entered[node] { throw fail(node, "is reached twice") }
      entered[node] = true
      if feature[node] == -1 { continue }
      guard (0..<features).contains(feature[node]) else { throw fail(node, "asks for feature \(feature[node])") }
      for child in [left[node], right[node]] {
        guard (0..<count).contains(child) else { throw fail(node, "leads to node \(child) of \(count)") }
        waiting.append(child)
      }
    }
  }
}
