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
    let (from, to) = (try locate("assigner"), folder.file(name + "/assigner"))
    if link(from, to) != 0 {
      folder.write(name + "/assigner", TemporaryFolder.read(from))
      chmod(to, 0o755)
    }
    return to
  }
}
