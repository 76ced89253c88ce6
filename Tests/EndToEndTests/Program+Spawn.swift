// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Program {
  /// The path of the built program, beside the test bundle.
  static func locate(_ name: String) throws -> String {
    if name.hasPrefix("/") { return name }
    var folders: [String] = []
    if let own = realpath("/proc/self/exe", nil) {
      folders.append(String(cString: own))
      free(own)
    }
    folders += CommandLine.arguments
    for file in folders {
      guard let slash = file.lastIndex(of: "/") else { continue }
      let path = file[..<slash] + "/" + name
      if access(String(path), X_OK) == 0 { return String(path) }
    }
    throw Failure(description: "\(name) is not beside the tests")
  }

  /// Starts the program. Returns its process id and the test's ends of its stdin, stdout and stderr.
  ///
  /// - Parameter atTerminal: whether its stdin is a terminal.
  static func spawn(
    _ path: String, _ arguments: [String], folder: String?, environment: [String: String], atTerminal: Bool = false
  ) throws -> (pid_t, Int32, Int32, Int32) {
    // A program that has ended must not end the tests.
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    var pipes: [[Int32]] = []
    for _ in 0..<3 {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      pipes.append(ends)
    }
    if atTerminal {
      for end in pipes[0] { close(end) }
      pipes[0] = try openTerminal()
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (stream, end) in [(Int32(0), pipes[0][0]), (1, pipes[1][1]), (2, pipes[2][1])] {
      posix_spawn_file_actions_adddup2(&actions, end, stream)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The program must start with the default SIGPIPE, as from a shell, and not inherit an ignored one.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

    let variables = inherited.merging(environment) { $1 }.map { "\($0)=\($1)" }
    // Not every C library can spawn in another folder, so a shell changes to it.
    let words = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0, path] } ?? [path]
    var arguments: [UnsafeMutablePointer<CChar>?] = (words + arguments).map { strdup($0) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { for string in arguments + environment { free(string) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, words[0], &actions, &attributes, &arguments, &environment)
    for end in [pipes[0][0], pipes[1][1], pipes[2][1]] { close(end) }
    guard code == 0 else { throw Failure(description: "\(path) does not start: \(String(cString: strerror(code)))") }
    return (process, pipes[0][1], pipes[1][0], pipes[2][0])
  }

  /// The two ends of a new terminal: the program's and the test's.
  private static func openTerminal() throws -> [Int32] {
    let own = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // TIOCSPTLCK unlocks the terminal, TIOCGPTN gives its number. The C library's module lacks both.
    var (lock, number): (Int32, Int32) = (0, 0)
    guard own >= 0, ioctl(own, 0x4004_5431, &lock) == 0, ioctl(own, 0x8004_5430, &number) == 0 else {
      throw Failure(description: "no terminal")
    }
    return [open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC), own]
  }

  /// The few variables of the test's environment that a program needs.
  private static var inherited: [String: String] {
    // The person who runs the tests may have their own index, which must not be used.
    var variables = ["XDG_DATA_HOME": "/nowhere"]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables
  }
}
