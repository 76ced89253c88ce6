// SPDX-License-Identifier: Apache-2.0

import Synchronization
import System

/// Runs independent pieces of work on several threads, each with its own workspace.
///
/// Results come back in the order of the items, so answers do not depend on the number of threads. The caller's thread
/// works too. If the system gives fewer threads than there are workspaces, the existing threads do all the work.
package struct Workers<Workspace>: Sendable {
  private let workspaces: Workspaces
  private let pool: ThreadPool

  private struct Workspaces: @unchecked Sendable {
    // Sendable because only one thread at a time uses each workspace.
    let all: [Workspace]
  }

  /// - Parameter workspaces: one per thread; at least one.
  package init(workspaces: [Workspace]) {
    precondition(!workspaces.isEmpty)
    self.workspaces = Workspaces(all: workspaces)
    pool = ThreadPool(helpers: workspaces.count - 1)
  }

  package var count: Int { workspaces.all.count }

  /// Calls `body` for every item and returns the answers in the order of the items.
  ///
  /// It throws the first error in that order. Only one call may run at a time, and `body` may not call it.
  package func map<Item: Sendable, Answer: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item, Workspace) throws -> Answer
  ) throws -> [Answer] {
    if items.count <= 1 || count == 1 { return try items.map { try body($0, workspaces.all[0]) } }
    let job = Job(items: items, body: body)
    pool.run(min(items.count, count)) { [workspaces] in job.run(workspaces.all[$0]) }
    return try job.answers()
  }

  /// Calls `body` for groups of at most `most` items and returns the answers in the order of the items.
  ///
  /// Every thread gets the same number of groups, of similar length and total size.
  ///
  /// - Parameters:
  ///   - size: the approximate cost of an item, in any unit.
  ///   - body: returns an answer for each item of a group, in their order.
  package func map<Item: Sendable, Answer: Sendable>(
    _ items: [Item], inGroupsOf most: Int, size: (Item) -> Int,
    _ body: @escaping @Sendable ([Item], Workspace) throws -> [Answer]
  ) throws -> [Answer] {
    let share = count * max(1, most)
    let groups = Groups.deal(items.map(size), into: count * ((items.count + share - 1) / share))
    let answers = try map(groups) { group, workspace in try body(group.map { items[$0] }, workspace) }
    var ordered = [Answer?](repeating: nil, count: items.count)
    for (group, answers) in zip(groups, answers) {
      for (place, answer) in zip(group, answers) { ordered[place] = answer }
    }
    return ordered.compactMap(\.self)
  }

  private final class Job<Item: Sendable, Answer: Sendable>: Sendable {
    private let items: [Item]
    private let body: @Sendable (Item, Workspace) throws -> Answer
    private let next = Atomic<Int>(0)
    private let results: Mutex<[Result<Answer, any Error>?]>

    init(items: [Item], body: @escaping @Sendable (Item, Workspace) throws -> Answer) {
      self.items = items
      self.body = body
      results = Mutex(items.map { _ in nil })
    }

    func run(_ workspace: Workspace) {
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < items.count else { return }
        let result = Result { try body(items[place], workspace) }
        results.withLock { $0[place] = result }
      }
    }

    func answers() throws -> [Answer] {
      try results.withLock { results in
        try results.map { result in
          guard let result else { preconditionFailure("no worker ran this item") }
          return try result.get()
        }
      }
    }
  }
}

/// Splits pieces of work into groups.
enum Groups {
  /// - Returns: the places of each group's pieces. With fewer pieces than groups, there are no empty groups.
  static func deal(_ sizes: [Int], into count: Int) -> [[Int]] {
    var groups = [[Int]](repeating: [], count: min(max(1, count), sizes.count))
    let order = sizes.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
    for (turn, piece) in order.enumerated() {
      let (round, place) = turn.quotientAndRemainder(dividingBy: groups.count)
      groups[round.isMultiple(of: 2) ? place : groups.count - 1 - place].append(piece)
    }
    return groups
  }
}
