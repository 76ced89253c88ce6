// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import System

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Threads that live longer than one call.
@Suite struct ThreadPoolTests {
  /// The folder of the running thread, such as "/proc/123/task/456".
  private static var thread: String {
    var target = [CChar](repeating: 0, count: 64)
    let count = max(0, readlink("/proc/thread-self", &target, target.count))
    return "/proc/" + String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  @Test func everyNumberIsCalledOnceOnAThreadOfItsOwn() {
    let pool = ThreadPool(helpers: 3)
    #expect(pool.helpers == 3)
    for count in 0...6 {
      let calls = Mutex<[Int: String]>([:])
      pool.run(count) { number in
        calls.withLock { $0[number] = ($0[number] ?? "") + Self.thread }
      }
      // The caller's thread always works. No more threads can work than there are.
      let expected = Set(0..<min(max(count, 1), 4))
      #expect(Set(calls.withLock { $0.keys }) == expected)
      #expect(Set(calls.withLock { $0.values }).count == expected.count)
      #expect(calls.withLock { $0[0] } == Self.thread)
    }
  }

  @Test func theThreadsStayFromCallToCallAndEndWithThePool() throws {
    let seen = Mutex<Set<String>>([])
    var pool: ThreadPool? = ThreadPool(helpers: 4)
    for _ in 0..<2000 { pool?.run(5) { _ in seen.withLock { _ = $0.insert(Self.thread) } } }
    let helpers = seen.withLock { $0 }.subtracting([Self.thread])
    #expect(helpers.count == 4 && helpers.allSatisfy { access($0, F_OK) == 0 })
    pool = nil
    // The threads have been joined. The system may take a moment to remove their folders.
    for _ in 0..<100 where helpers.contains(where: { access($0, F_OK) == 0 }) { usleep(10_000) }
    #expect(helpers.allSatisfy { access($0, F_OK) != 0 })
  }

  @Test func aPoolThatNeverWorkedEnds() {
    _ = ThreadPool(helpers: 8)
    _ = ThreadPool(helpers: 0)
  }
}
