// SPDX-License-Identifier: Apache-2.0

import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Program {
  /// Puts the program into a subfolder of `folder`, as a hard link if possible, and returns its path.
  static func install(in name: String, of folder: TemporaryFolder) throws -> String {
    let (from, to) = (try locate("assigner"), folder.makeFolder(name) + "/assigner")
    if link(from, to) != 0 {
      // Copied by another process: otherwise a program that a parallel test starts could inherit the open file, and the copy
      // could not be run.
      let copied = try run("/bin/cp", [from, to], input: "")
      if copied.status != 0 { throw Failure(description: copied.messages) }
    }
    return to
  }
}
