// SPDX-License-Identifier: Apache-2.0

import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Program {
  /// Puts the program, without copying it where that can be, into a folder of `folder`, and gives its path.
  static func install(in name: String, of folder: TemporaryFolder) throws -> String {
    let (from, to) = (try locate("assigner"), folder.makeFolder(name) + "/assigner")
    if link(from, to) != 0 {
      // By another process: a program that a parallel test starts would inherit the open file, which could not be run then.
      let copied = try run("/bin/cp", [from, to], input: "")
      if copied.status != 0 { throw Failure(description: copied.messages) }
    }
    return to
  }
}
