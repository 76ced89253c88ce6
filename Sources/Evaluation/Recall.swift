// SPDX-License-Identifier: Apache-2.0
/// The share of gold hashtags that were found.
package struct Recall: Equatable, Sendable {
  package private(set) var found = 0
  package private(set) var gold = 0

  package init() {}

  /// Adds one tweet. O(gold).
  package mutating func add(_ gold: [String], found: Set<String>) {
    self.found += gold.count { found.contains($0) }
    self.gold += gold.count
  }

  /// The recall in percent; 0 without gold hashtags.
  package var percentage: Double { 100 * Double(found) / Double(max(1, gold)) }
}
