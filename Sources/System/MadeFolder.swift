// SPDX-License-Identifier: Apache-2.0

/// A folder for a file that will perhaps be written: made with those above it, for its owner alone, and removed again with
/// this object where nothing came to lie in it.
package final class MadeFolder {
  private let made: [String]

  /// What cannot be made is left to whoever writes into it, and to that error.
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
