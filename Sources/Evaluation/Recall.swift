/// How many of some gold hashtags were found.
public struct Recall: Equatable, Sendable {
  public private(set) var found = 0
  public private(set) var gold = 0

  public init() {}

  /// One tweet more. O(gold).
  public mutating func add(_ gold: [String], found: Set<String>) {
    self.found += gold.count { found.contains($0) }
    self.gold += gold.count
  }

  /// 0 where there was no gold.
  public var percentage: Double { 100 * Double(found) / Double(max(1, gold)) }
}
