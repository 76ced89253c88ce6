// SPDX-License-Identifier: Apache-2.0

import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The running program: how it was started, and how it ends.
package enum ThisProgram {
  /// Makes it safe to write files.
  ///
  /// A descriptor 0 to 2 that was closed at the start is held, so that no file gets its number. If a reader has gone or a file is
  /// full, the write fails, but the program does not end. A signal that ends the program removes temporary files first. Call this
  /// before opening anything.
  ///
  /// - Parameter name: the program's name, with which messages begin.
  package static func prepare(name: String) throws(SystemCallError) {
    if assigner_hold_closed_streams() != 0 { throw SystemCallError(call: "open", errno: errno, path: "/") }
    // Never freed, because a signal handler reads it.
    assigner_take_signals(strdup(name))
  }

  /// The arguments after the program's name. They come from main, because /proc may be missing.
  package static var arguments: [String] {
    var arguments: [String] = []
    while let argument = assigner_argument(Int32(arguments.count + 1)) { arguments.append(String(cString: argument)) }
    return arguments
  }

  /// The program's absolute path with links resolved; nil if it is unknown.
  package static var executable: String? {
    SystemCalls.resolved("/proc/self/exe") ?? assigner_executable().flatMap { SystemCalls.resolved(String(cString: $0)) }
  }

  package static func end(_ code: Int32) -> Never { exit(code) }
}

/// A file that is removed if a signal ends the program.
package struct TemporaryPath {
  private let number: Int32

  /// Call before making the file.
  package init(_ path: String) { number = assigner_remove_on_end(path) }

  /// Call when the file is renamed or removed.
  package func forget() { assigner_keep(number) }
}
