// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Threads that live as long as the pool. They sleep while there is nothing to do, and never spin.
package final class ThreadPool: Sendable {
  private let threads: [PoolThread]
  /// Only one call at a time uses the threads.
  private let turn = Mutex(())

  /// - Parameter helpers: threads besides the caller's own. If the system gives fewer, there are fewer.
  package init(helpers: Int) { threads = (0..<max(0, helpers)).compactMap { _ in PoolThread() } }

  deinit { for thread in threads { thread.end() } }

  package var helpers: Int { threads.count }

  /// Calls `body` with 0 on this thread and, at the same time, with 1, 2, … below `count` on the pool's threads.
  ///
  /// A pool with fewer threads makes fewer calls. Returns when every call has returned. Must not be called from within `body`.
  package func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    turn.withLock { _ in
      let helping = threads.prefix(max(0, count - 1))
      for (place, thread) in helping.enumerated() { thread.begin { body(place + 1) } }
      body(0)
      for thread in helping { thread.wait() }
    }
  }
}

/// A thread that runs one task after another.
private struct PoolThread: Sendable {
  private let thread: BackgroundThread
  private let desk: Desk

  /// What the thread shares with its owner.
  private final class Desk: Sendable {
    let hasTask = Semaphore()
    let isDone = Semaphore()
    /// With nil the thread ends.
    let task = Mutex<(@Sendable () -> Void)?>(nil)

    func work() {
      while true {
        hasTask.wait()
        guard let body = task.withLock({ $0.take() }) else { return }
        body()
        isDone.signal()
      }
    }
  }

  /// Nil if the system gives no more threads.
  init?() {
    let desk = Desk()
    guard let thread = BackgroundThread({ desk.work() }) else { return nil }
    (self.thread, self.desk) = (thread, desk)
  }

  func begin(_ task: @escaping @Sendable () -> Void) {
    desk.task.withLock { $0 = task }
    desk.hasTask.signal()
  }

  /// Returns when the task is done.
  func wait() { desk.isDone.wait() }

  /// Ends the thread, which must be idle.
  func end() {
    desk.hasTask.signal()
    thread.wait()
  }
}
