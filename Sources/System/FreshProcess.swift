// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs this program in a new process that answers lines.
///
/// The cost of a start, and the memory in use after it, can only be measured in a process that has done nothing else.
package struct FreshProcess {
  private let process: pid_t
  private let input: Descriptor
  private let output: Descriptor

  /// Starts the program. Its messages go to this process's standard error.
  ///
  /// - Throws: `SystemCallError` if the system gives no pipe or process.
  package init(_ executable: String, _ arguments: [String]) throws(SystemCallError) {
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
      throw SystemCallError(call: "posix_spawn", errno: code, path: executable)
    }
    (self.process, self.input, self.output) = (process, input, output)
  }

  package var number: Int { Int(process) }

  /// Sends a line and waits for its answer. Returns false if the program ends instead.
  package mutating func answer(_ line: String) throws(SystemCallError) -> Bool {
    do { try input.write(line + "\n") } catch {
      if error.errno == EPIPE { return false }
      throw error
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try output.read(into: &chunk)
      if count == 0 { return false }
      if chunk[..<count].contains(0x0A) { return true }
    }
  }

  /// Ends the program's input and waits for the program. Returns whether its exit code was 0.
  package func finish() -> Bool {
    input.close()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return false }
    }
    output.close()
    return status == 0
  }

  /// Both ends are closed in every process that is started from here.
  private static func pipe() throws(SystemCallError) -> (reading: Descriptor, writing: Descriptor) {
    var ends: [Int32] = [0, 0]
    let code = libraryPipe(&ends)
    guard code == 0 else { throw SystemCallError(call: "pipe", errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (Descriptor(number: ends[0], name: "a pipe"), Descriptor(number: ends[1], name: "a pipe"))
  }
}

private func libraryPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
