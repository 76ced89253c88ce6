// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Brings to the disk what was written to a journal, at most a second later and never more often than once a second, on a
/// thread of its own: no answer waits for a disk.
final class JournalSync: Sendable {
  private let desk: Desk
  private let thread: Mutex<pthread_t?>

  /// What the thread and its master share.
  private final class Desk: Sendable {
    let file: JournalFile
    let state = Mutex(State())
    let work = SyncSemaphore()

    struct State {
      var isDirty = false
      var isEnding = false
      var failure: JournalError?
    }

    init(_ file: JournalFile) { self.file = file }

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

  init(_ file: JournalFile) {
    desk = Desk(file)
    let kept = Unmanaged.passRetained(desk)
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Desk>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, kept.toOpaque())
    if code != 0 { kept.release() }
    thread = Mutex(code == 0 ? handle : nil)
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
  var failure: JournalError? { desk.state.withLock { $0.failure } }

  /// Ends the thread, and brings the rest to the disk.
  func end() {
    let handle = thread.withLock { $0.take() }
    guard let handle else { return }
    desk.state.withLock { $0.isEnding = true }
    desk.work.signal()
    desk.work.signal()
    pthread_join(handle, nil)
    desk.synchronize()
  }
}

/// A counting semaphore on which threads sleep.
private final class SyncSemaphore: @unchecked Sendable {
  // Sendable because sem_t is made to be shared.
  private let place = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() {
    place.initialize(to: sem_t())
    sem_init(place, 0, 0)
  }

  deinit {
    sem_destroy(place)
    place.deallocate()
  }

  func signal() { sem_post(place) }

  func wait() { while sem_wait(place) != 0 {} }

  /// Waits so long at most.
  func wait(seconds: Int) {
    var until = timespec()
    clock_gettime(CLOCK_REALTIME, &until)
    until.tv_sec += seconds
    while sem_timedwait(place, &until) != 0, errno == EINTR {}
  }
}
