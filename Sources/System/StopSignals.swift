// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Set by the handler of SIGINT and SIGTERM; global because a C signal handler captures nothing.
private let stopRequested = Atomic<Bool>(false)

/// SIGINT and SIGTERM as a question asked between lines, never as an interruption of one.
///
/// Both signals stay blocked while a line is worked on and are let in only while waiting for input, in one atomic step
/// (pselect), so none can slip in between asking and waiting. SIGPIPE is ignored: a write then fails with EPIPE, which
/// the session ends quietly on.
package struct StopSignals: Sendable {
  /// Blocks SIGINT and SIGTERM in this thread and those it starts, and ignores SIGPIPE. Call before starting threads.
  package init() {
    stopRequested.store(false, ordering: .relaxed)
    var blocked = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGINT)
    sigaddset(&blocked, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &blocked, nil)
    for signal in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in stopRequested.store(true, ordering: .relaxed) }
      sigaction(signal, &action, nil)
    }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Whether one of the two signals has come.
  package var isStopping: Bool {
    if stopRequested.load(ordering: .relaxed) { return true }
    var pending = sigset_t()
    sigemptyset(&pending)
    sigpending(&pending)
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
  }

  /// Waits until the descriptor has something to read (or its end) or a stop signal comes.
  /// Returns false when it is time to stop.
  package func waitForInput(_ descriptor: Descriptor) throws(SystemCallError) -> Bool {
    guard descriptor.number >= 0, descriptor.number < 1024 else {
      throw SystemCallError(call: "pselect", errno: EBADF, path: descriptor.name)
    }
    while !isStopping {
      var readable = fd_set()
      let (byte, bit) = (Int(descriptor.number) / 8, UInt8(descriptor.number) % 8)
      withUnsafeMutableBytes(of: &readable) { $0[byte] = 1 << bit }
      var none = sigset_t()
      sigemptyset(&none)
      let count = pselect(descriptor.number + 1, &readable, nil, nil, nil, &none)
      if count > 0 { return !isStopping }
      if count < 0, errno != EINTR { throw SystemCallError(call: "pselect", errno: errno, path: descriptor.name) }
    }
    return false
  }
}
