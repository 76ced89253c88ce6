// SPDX-License-Identifier: Apache-2.0

import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// SIGINT and SIGTERM as a question asked between lines, never as an interruption of one: the first makes a descriptor
/// readable, which every wait looks at beside its own. The second ends the program. One that the caller had ignored stays
/// ignored.
package struct StopSignals: Sendable {
  /// How a wait ended.
  package enum Outcome: Sendable {
    /// There is something to read or room to write, or an end or an error to meet.
    case ready
    /// A signal came.
    case stopping
    /// Neither for as long as there was time.
    case late
  }

  private let descriptor: Int32

  /// From here on the first signal asks.
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

  /// Waits for room to write, or until `deadline`; for a signal only where it has not come yet.
  package func waitToWrite(_ output: Descriptor, until deadline: ContinuousClock.Instant?) throws(SystemCallError) -> Outcome {
    let stop = isStopping ? [] : [(descriptor, POLLIN)]
    return try wait([(output.number, POLLOUT)] + stop, until: deadline, name: output.name)
  }

  /// Of several descriptors the first is what is waited for.
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
