// SPDX-License-Identifier: Apache-2.0

import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The running program: how it was started, and how it ends.
package enum ThisProgram {
  /// Makes the program safe to write files in: descriptors 0 to 2 that came closed never become a file's, a reader that
  /// has gone or a full file is an error of the write, and whatever ends the program says so or removes what is half done.
  /// Call before anything is opened.
  ///
  /// - Parameter name: what messages begin with.
  package static func prepare(name: String) throws(SystemCallError) {
    if assigner_hold_closed_streams() != 0 { throw SystemCallError(call: "open", errno: errno, path: "/") }
    // Kept for good: a signal's handler reads it.
    assigner_take_signals(strdup(name))
  }

  /// What stands behind the program's name on its command line; taken from main and not from /proc, which may be missing.
  package static var arguments: [String] {
    var arguments: [String] = []
    while let argument = assigner_argument(Int32(arguments.count + 1)) { arguments.append(String(cString: argument)) }
    return arguments
  }

  /// The program's path, absolute and without links; nil where it is unknown.
  package static var executable: String? {
    SystemCalls.resolved("/proc/self/exe") ?? assigner_executable().flatMap { SystemCalls.resolved(String(cString: $0)) }
  }

  package static func end(_ code: Int32) -> Never { exit(code) }
}

/// A file that is removed where a signal ends the program.
package struct TemporaryPath {
  private let number: Int32

  /// Call before making the file.
  package init(_ path: String) { number = assigner_remove_on_end(path) }

  /// The file is renamed or gone.
  package func forget() { assigner_keep(number) }
}
