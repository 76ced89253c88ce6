// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A thread that does one thing, until that is done.
package struct BackgroundThread: @unchecked Sendable {
  // Sendable because the handle, a pointer on some systems, is only ever read.
  private let handle: pthread_t

  private final class Task: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Nil where the system gives no more threads.
  package init?(_ body: @escaping @Sendable () -> Void) {
    let kept = Unmanaged.passRetained(Task(body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Task>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, kept.toOpaque())
    guard code == 0 else {
      kept.release()
      return nil
    }
    self.handle = handle
  }

  /// Returns when it is done; to be called once.
  package func wait() { pthread_join(handle, nil) }
}
