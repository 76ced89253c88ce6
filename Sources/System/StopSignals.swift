// SPDX-License-Identifier: Apache-2.0

import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Turns SIGINT and SIGTERM into a request to stop between two lines.
///
/// The first signal makes a descriptor readable, and every wait polls it as well as its own descriptor. The second signal ends
/// the program. A signal that the caller had ignored stays ignored.
package struct StopSignals: Sendable {
  /// How a wait ended.
  package enum Outcome: Sendable {
    /// The descriptor can be read or written, or has reached its end or an error.
    case ready
    /// A signal came.
    case stopping
    /// The deadline passed first.
    case late
  }

  private let descriptor: Int32

  /// From now on the first signal requests a stop.
  package init() throws(SystemCallError) {
    descriptor = assigner_ask_before_stopping()
    if descriptor < 0 { throw SystemCallError(call: "eventfd", errno: errno) }
  }

  /// Whether one of the two signals has come.
  package var isStopping: Bool { assigner_is_stopping() != 0 }

  /// Waits for something to read (or the end), for a signal, or until `deadline`.
  package func waitToRead(_ input: Descriptor, until deadline: ContinuousClock.Instant?) throws(SystemCallError) -> Outcome {
    try wait([(input.number, POLLIN), (descriptor, POLLIN)], until: deadline, name: input.name)
  }

  /// Waits for room to write, for a signal unless one has come already, or until `deadline`.
  package func waitToWrite(_ output: Descriptor, until deadline: ContinuousClock.Instant?) throws(SystemCallError) -> Outcome {
    let stop = isStopping ? [] : [(descriptor, POLLIN)]
    return try wait([(output.number, POLLOUT)] + stop, until: deadline, name: output.name)
  }

  /// Polls several descriptors. The first is the one to wait for.
  private func wait<Event: BinaryInteger>(
    _ events: [(Int32, Event)], until deadline: ContinuousClock.Instant?, name: String
  ) throws(SystemCallError) -> Outcome {
    var entries = events.map { pollfd(fd: $0.0, events: Int16($0.1), revents: 0) }
    while true {
      let left = deadline.map { max(0, ($0 - .now).seconds * 1000) }
      let count = poll(&entries, nfds_t(entries.count), left.map { Int32(min($0.rounded(.up), 1e9)) } ?? -1)
      if count < 0, errno != EINTR { throw SystemCallError(call: "poll", errno: errno, path: name) }
      if count > 0 { return entries[0].revents != 0 ? .ready : .stopping }
      if count == 0, left == 0 { return .late }
    }
  }
}
