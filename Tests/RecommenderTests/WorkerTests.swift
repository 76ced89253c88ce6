// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Recommender

/// Independent pieces of work on a few threads.
@Suite struct WorkerTests {
  @Test func workersKeepTheOrder() throws {
    for count in [1, 2, 7, 40] {
      let workers = Workers(workspaces: (0..<count).map { $0 })
      #expect(workers.count == count)
      for size in [0, 1, 2, 5, 500] {
        #expect(try workers.map(Array(0..<size)) { item, _ in item * 2 } == (0..<size).map { $0 * 2 })
      }
    }
  }

  @Test func aWorkspaceHasOneUserAtATime() throws {
    final class Desk: Sendable {
      let users = Atomic<Int>(0)
    }
    let workers = Workers(workspaces: (0..<5).map { _ in Desk() })
    let crowds = try workers.map(Array(0..<2000)) { _, desk in
      let crowd = desk.users.add(1, ordering: .sequentiallyConsistent).newValue
      desk.users.subtract(1, ordering: .sequentiallyConsistent)
      return crowd
    }
    #expect(crowds.allSatisfy { $0 == 1 })
  }

  @Test func workersThrowTheFirstErrorAndWorkOn() throws {
    let workers = Workers(workspaces: [0, 1, 2])
    for _ in 0..<50 {
      #expect(throws: CorpusError("11")) {
        try workers.map(Array(0..<100)) { item, _ in
          if item > 10 { throw CorpusError("\(item)") }
          return item
        }
      }
      #expect(try workers.map([1, 2, 3]) { item, _ in item } == [1, 2, 3])
    }
  }

  @Test func groupsAreAlikeInNumberAndSize() {
    let sizes = (0..<37).map { ($0 * 53) % 41 + 1 }
    for count in 1...12 {
      let groups = Groups.deal(sizes, into: count)
      #expect(groups.count == count && groups.flatMap(\.self).sorted() == Array(sizes.indices))
      let (numbers, totals) = (groups.map(\.count), groups.map { $0.reduce(0) { $0 + sizes[$1] } })
      #expect((numbers.max() ?? 0) - (numbers.min() ?? 0) <= 1)
      #expect((totals.max() ?? 0) - (totals.min() ?? 0) <= 41)
    }
    #expect(Groups.deal([], into: 3) == [] && Groups.deal([7], into: 3) == [[0]] && Groups.deal([1, 1], into: 0) == [[0, 1]])
  }

  @Test func groupedAnswersKeepTheOrder() throws {
    for count in [1, 2, 3, 7] {
      let workers = Workers(workspaces: (0..<count).map { $0 })
      for size in [0, 1, 2, 3, 8, 29, 100] {
        let groups = Mutex<[Int]>([])
        let answers = try workers.map(Array(0..<size), inGroupsOf: 4, size: { $0 % 11 }) { group, _ in
          groups.withLock { $0.append(group.count) }
          return group.map { $0 * 3 }
        }
        #expect(answers == (0..<size).map { $0 * 3 })
        let sizes = groups.withLock { $0 }
        #expect(sizes.allSatisfy { (1...4).contains($0) } && sizes.reduce(0, +) == size)
        // Every thread gets the same number of groups, if there are enough items.
        if size >= 4 * count { #expect(sizes.count.isMultiple(of: count)) }
        if size > 0, size < count { #expect(sizes.count == size) }
      }
    }
  }
}
