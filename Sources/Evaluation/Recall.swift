// SPDX-License-Identifier: Apache-2.0
/// How many of some gold hashtags were found.
package struct Recall: Equatable, Sendable {
  package private(set) var found = 0
  package private(set) var gold = 0

  package init() {}

  /// One tweet more. O(gold).
  package mutating func add(_ gold: [String], found: Set<String>) {
    self.found += gold.count { found.contains($0) }
    self.gold += gold.count
  }

  /// 0 where there was no gold.
  package var percentage: Double { 100 * Double(found) / Double(max(1, gold)) }
}
