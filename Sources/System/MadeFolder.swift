// SPDX-License-Identifier: Apache-2.0

/// Makes a folder, and the missing ones above it, for a file that may be written later.
///
/// They are accessible to the owner only. `deinit` removes them again if they are still empty.
package final class MadeFolder {
  private let made: [String]

  /// A failure is not reported here: writing the file will report it.
  package init(_ path: String) {
    var missing: [String] = []
    var folder = path
    while SystemCalls.resolved(folder) == nil, folder != "/", folder != "." {
      missing.append(folder)
      folder = SystemCalls.split(folder).folder
    }
    made = missing.reversed().filter(SystemCalls.makeFolder)
  }

  deinit {
    for folder in made.reversed() { SystemCalls.removeFolder(folder) }
  }
}
