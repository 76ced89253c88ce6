// SPDX-License-Identifier: Apache-2.0

import Glibc
import ModelFile

/// A network of real size that `Tools/full-size` created and names in ASSIGNER_FULL_SIZE: PyTorch's values, and the checkpoint
/// converted to `float.assigner` and `int8.assigner`.
package struct FullSize: Sendable {
  package let name: String
  package let rows: [JSONValue]
  package let folder: String

  /// Nil if there is no network of this kind.
  package init?(kind: String) {
    guard let folder = getenv("ASSIGNER_FULL_SIZE").map({ String(cString: $0) }),
      let golden = try? JSONValue(parsing: GoldenBook.read(folder + "/golden.json")), golden["kind"] == .string(kind),
      let name = try? golden.string("name"), let rows = try? golden.array("rows")
    else { return nil }
    (self.name, self.rows, self.folder) = (name, rows, folder)
  }

  /// "int8" or "float".
  package func model(_ kind: String) throws -> ContainerFile {
    try ContainerFile(path: folder + "/\(kind).assigner", kind: .model)
  }

  /// The peak memory of this process, in MiB.
  package static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
