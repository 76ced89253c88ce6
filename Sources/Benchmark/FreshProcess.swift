// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import Recommender

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// This program once more, answering lines: what a start costs, and what is in memory after it, can only be seen in a
/// process that has done nothing else.
struct FreshProcess {
  private let process: pid_t
  private let input: Descriptor
  private let output: Descriptor

  /// Starts the program, whose messages go where ours go.
  ///
  /// - Throws: `IOError` where pipes or processes are not to be had.
  init(_ executable: String, _ arguments: [String]) throws(IOError) {
    let (inputEnd, input) = try Self.pipe()
    let (output, outputEnd) = try Self.pipe()
    defer {
      inputEnd.close()
      outputEnd.close()
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inputEnd.number, 0)
    posix_spawn_file_actions_adddup2(&actions, outputEnd.number, 1)
    var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, nil, &words, environ)
    guard code == 0 else {
      input.close()
      output.close()
      throw IOError(code: code, doing: "starting \(executable)")
    }
    (self.process, self.input, self.output) = (process, input, output)
  }

  var number: Int { Int(process) }

  /// Sends a line and waits for its answer; false where the program ends instead.
  mutating func answer(_ line: String) throws(IOError) -> Bool {
    try input.write(Array(line.utf8) + [0x0A])
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      guard let count = try output.read(into: &chunk) else { continue }
      if count == 0 { return false }
      if chunk[..<count].contains(0x0A) { return true }
    }
  }

  /// Ends its input and waits for it. Returns whether it ended well.
  func finish() -> Bool {
    input.close()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return false }
    }
    output.close()
    return status == 0
  }

  /// Both ends are closed in processes that are started from here.
  private static func pipe() throws(IOError) -> (reading: Descriptor, writing: Descriptor) {
    var ends: [Int32] = [0, 0]
    #if canImport(Glibc)
      let code = Glibc.pipe(&ends)
    #else
      let code = Musl.pipe(&ends)
    #endif
    guard code == 0 else { throw IOError(code: errno, doing: "making a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (Descriptor(number: ends[0], name: "a pipe"), Descriptor(number: ends[1], name: "a pipe"))
  }
}
