// SPDX-License-Identifier: Apache-2.0

import Synchronization
import System

/// Brings to the disk what was written to a journal, at most a second later and never more often than once a second, on a
/// thread of its own: no answer waits for a disk.
final class JournalSync: Sendable {
  private let desk: Desk
  private let thread: Mutex<BackgroundThread?>

  /// What the thread and its master share.
  private final class Desk: Sendable {
    let file: SharedFile
    let state = Mutex(State())
    let work = Semaphore()

    struct State {
      var isDirty = false
      var isEnding = false
      var failure: SystemCallError?
    }

    init(_ file: SharedFile) { self.file = file }

    func run() {
      while true {
        work.wait()
        if state.withLock({ $0.isEnding }) { return }
        // Ends early where the program ends, whose last act brings the rest to the disk.
        work.wait(seconds: 1)
        let isEnding = state.withLock { state in
          state.isDirty = false
          return state.isEnding
        }
        if isEnding { return }
        synchronize()
      }
    }

    func synchronize() {
      do {
        try file.synchronize()
      } catch {
        state.withLock { $0.failure = error }
      }
    }
  }

  init(_ file: SharedFile) {
    let desk = Desk(file)
    self.desk = desk
    thread = Mutex(BackgroundThread { desk.run() })
  }

  deinit { end() }

  /// Something was written. Where the system gave no thread, it is brought to the disk at once.
  func note() {
    if thread.withLock({ $0 == nil }) { return desk.synchronize() }
    let isNew = desk.state.withLock { state in
      defer { state.isDirty = true }
      return !state.isDirty
    }
    if isNew { desk.work.signal() }
  }

  /// What went wrong on the way to the disk.
  var failure: SystemCallError? { desk.state.withLock { $0.failure } }

  /// Ends the thread, and brings the rest to the disk.
  func end() {
    guard let thread = thread.withLock({ $0.take() }) else { return }
    desk.state.withLock { $0.isEnding = true }
    desk.work.signal()
    desk.work.signal()
    thread.wait()
    desk.synchronize()
  }
}
