// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A counting semaphore, on which waiting threads sleep in the kernel.
package final class Semaphore: @unchecked Sendable {
  // Sendable because sem_t is made to be shared.
  private let place = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  package init() {
    place.initialize(to: sem_t())
    sem_init(place, 0, 0)
  }

  deinit {
    sem_destroy(place)
    place.deallocate()
  }

  package func signal() { sem_post(place) }

  /// A signal handler may interrupt the wait, nothing else can.
  package func wait() { while sem_wait(place) != 0 {} }

  /// Waits so long at most.
  package func wait(seconds: Int) {
    var until = timespec()
    clock_gettime(CLOCK_REALTIME, &until)
    until.tv_sec += time_t(seconds)
    while sem_timedwait(place, &until) != 0, errno == EINTR {}
  }
}
